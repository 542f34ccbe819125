@NullMarked
package io.agentopia.toolbox.runtime.ids;

import org.jspecify.annotations.NullMarked;
