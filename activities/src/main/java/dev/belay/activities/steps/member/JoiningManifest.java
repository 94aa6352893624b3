package dev.belay.activities.steps.member;

import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.steps.StaticPods;
import dev.belay.activities.steps.StaticPods.StaticPod;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The member's manifest with which it joins the others instead of beginning a cluster of its own: all lines as they were, but for the two flags
 * that kubeadm sets at a join. etcd does not look at them again once it has data.
 */
record JoiningManifest(MemberPod member, String members) {

    private static final Pattern MEMBERS = Pattern.compile("(?m)^(\\s*- )[\"']?--initial-cluster=.*$");
    private static final Pattern STATE = Pattern.compile("(?m)^\\s*- [\"']?--initial-cluster-state=.*\\R");
    private static final String EXISTING = "existing";

    void write() {
        Matcher line = MEMBERS.matcher(STATE.matcher(member.manifest()).replaceAll(""));
        String text = line.replaceFirst(result -> Matcher.quoteReplacement(result.group(1) + "--initial-cluster="
                + members + "\n" + result.group(1) + "--initial-cluster-state=" + EXISTING));
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        requireFlags(StaticPods.read(member.host().node(), member.pod().file(), content));
        member.host().write(StaticPods.manifest("etcd"), content, FileAttributes.ROOT_ONLY);
    }

    private void requireFlags(StaticPod written) {
        if (!written.flag("--initial-cluster").equals(Optional.of(members))
                || !written.flag("--initial-cluster-state").equals(Optional.of(EXISTING))) {
            throw MemberPlace.refused(
                    member.host(),
                    "MANIFEST_UNKNOWN",
                    member.pod().file() + " has no line of its own for --initial-cluster",
                    "write its command one flag a line, as kubeadm does, then retry");
        }
    }
}
