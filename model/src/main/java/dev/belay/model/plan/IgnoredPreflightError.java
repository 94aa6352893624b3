package dev.belay.model.plan;

/** A kubeadm preflight check that the inventory's owner accepts to fail; never {@code all}. */
public record IgnoredPreflightError(String name, String reason, String owner) {}
