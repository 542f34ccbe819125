@NullMarked
package io.agentopia.toolbox.runtime.trace;

import org.jspecify.annotations.NullMarked;
