package io.agentopia.toolbox.simulator.catalog;

import java.util.List;

/** A data centre as DigitalOcean shows it. */
public record Region(
    String name, String slug, List<String> features, boolean available, List<String> sizes) {}
