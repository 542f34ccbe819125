@NullMarked
package io.agentopia.toolbox.runtime.lifecycle;

import org.jspecify.annotations.NullMarked;
