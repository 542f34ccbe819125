/** The vocabulary: events as records and their wire form, with the rules that hold everywhere. */
@NullMarked
package io.agentopia.toolbox.events;

import org.jspecify.annotations.NullMarked;
