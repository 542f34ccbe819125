@NullMarked
package io.agentopia.toolbox.runtime.retention;

import org.jspecify.annotations.NullMarked;
