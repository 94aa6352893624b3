package dev.belay.activities.etcd;

/** A raised alarm; {@code type} is NOSPACE or CORRUPT. */
public record EtcdAlarm(String memberId, String type) {}
