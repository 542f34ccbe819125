package io.agentopia.toolbox.bench.subject;

import java.nio.file.Path;

/**
 * What is measured.
 *
 * @param revision of the services
 * @param checkout the services' own sources and builds
 * @param parts a directory laid out as a checkout: the services are this revision's, simulated
 *     cloud and agents those of the revision that measures
 */
public record Subject(String label, String revision, Path checkout, Path parts) {}
