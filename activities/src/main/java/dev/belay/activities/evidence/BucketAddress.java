package dev.belay.activities.evidence;

import java.net.URI;

/**
 * Where a bucket is.
 *
 * @param prefix before each path; empty, or with a slash at its end
 */
public record BucketAddress(String endpoint, String bucket, String prefix) {

    /** Of {@code https://host/bucket} or {@code https://host/bucket/folder}. */
    public static BucketAddress of(String url) {
        URI uri = URI.create(url);
        String[] parts =
                uri.getPath().replaceFirst("^/", "").replaceFirst("/$", "").split("/", 2);
        String prefix = parts.length == 1 ? "" : parts[1] + "/";
        return new BucketAddress(uri.getScheme() + "://" + uri.getAuthority(), parts[0], prefix);
    }

    @Override
    public String toString() {
        return endpoint + "/" + bucket + (prefix.isEmpty() ? "" : "/" + prefix.substring(0, prefix.length() - 1));
    }
}
