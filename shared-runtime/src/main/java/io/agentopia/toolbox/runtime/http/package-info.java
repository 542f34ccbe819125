@NullMarked
package io.agentopia.toolbox.runtime.http;

import org.jspecify.annotations.NullMarked;
