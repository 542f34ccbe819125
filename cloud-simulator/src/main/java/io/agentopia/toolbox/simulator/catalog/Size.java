package io.agentopia.toolbox.simulator.catalog;

import java.math.BigDecimal;
import java.util.List;

/**
 * A droplet size as DigitalOcean shows it.
 *
 * @param memory megabytes
 * @param disk gigabytes
 * @param transfer terabytes a month
 * @param priceMonthly US dollars, as priceHourly
 */
public record Size(
    String slug,
    int memory,
    int vcpus,
    int disk,
    BigDecimal transfer,
    BigDecimal priceMonthly,
    BigDecimal priceHourly,
    List<String> regions,
    boolean available,
    String description) {}
