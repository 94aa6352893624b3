package dev.belay.activities.host;

/** Mode (for example 0600) and owner of a file. */
public record FileAttributes(int mode, int uid, int gid) {

    public static final FileAttributes ROOT_ONLY = new FileAttributes(0600, 0, 0);
    public static final FileAttributes ROOT_READABLE = new FileAttributes(0644, 0, 0);
}
