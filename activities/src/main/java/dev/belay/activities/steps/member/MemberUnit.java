package dev.belay.activities.steps.member;

import dev.belay.activities.StepContext;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.EtcdSettings;
import dev.belay.activities.steps.EtcdUnit;
import dev.belay.activities.steps.EtcdUnitDefinition;
import java.util.Optional;

/** A member of an external etcd, by what systemd would run: of a dead one there is no process to ask. */
record MemberUnit(Host host, EtcdUnit unit, String mark, EtcdUnitDefinition definition, EtcdSettings settings)
        implements MemberProcess {

    static MemberUnit of(StepContext context, Host host) {
        EtcdUnitDefinition definition = EtcdUnitDefinition.of(host);
        return new MemberUnit(
                host, new EtcdUnit(context, host), context.mark(), definition, EtcdSettings.of(definition));
    }

    @Override
    public boolean isHeld() {
        return unit.isHeld();
    }

    @Override
    public void stop() {
        unit.stop();
    }

    @Override
    public boolean joins() {
        return unit.joins();
    }

    @Override
    public void tellToJoin(String members) {
        Optional<String> file = settings.configurationFile();
        file.ifPresent(
                path -> host.write(copy(path), definition.joiningFile(path, members), FileAttributes.ROOT_READABLE));
        unit.tellToJoin(file.map(this::copy).map(definition::joiningBy).orElseGet(() -> definition.joining(members)));
    }

    @Override
    public void awaitStarted() {
        unit.start();
        unit.awaitStarted();
    }

    @Override
    public void release() {
        unit.forgetJoining();
        settings.configurationFile().map(this::copy).ifPresent(host::remove);
    }

    @Override
    public Optional<String> flag(String name) {
        return settings.flag(name);
    }

    @Override
    public String source() {
        return EtcdSettings.UNIT;
    }

    @Override
    public String user() {
        return definition.user();
    }

    @Override
    public String log() {
        return "`journalctl -u " + EtcdSettings.UNIT + "`";
    }

    /** Where a configuration file lies while it joins; once it was told of the copy, that is the one it has. */
    private String copy(String path) {
        String suffix = "." + mark + "-joins";
        return path.endsWith(suffix) ? path : path + suffix;
    }
}
