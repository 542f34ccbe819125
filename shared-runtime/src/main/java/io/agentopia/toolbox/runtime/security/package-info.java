@NullMarked
package io.agentopia.toolbox.runtime.security;

import org.jspecify.annotations.NullMarked;
