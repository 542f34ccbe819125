@NullMarked
package io.agentopia.toolbox.runtime.log;

import org.jspecify.annotations.NullMarked;
