package dev.belay.activities.kube.fabric8;

import java.util.function.Supplier;

/**
 * Where a kubeconfig comes from.
 *
 * @param name for people
 * @param content reads it as it is now
 * @param always whether it is read before each question; else only after the API no longer knew us, since reading it is work
 */
public record KubeconfigSource(String name, Supplier<byte[]> content, boolean always) {}
