@NullMarked
package io.agentopia.toolbox.runtime.agent;

import org.jspecify.annotations.NullMarked;
