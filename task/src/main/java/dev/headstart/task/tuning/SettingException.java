package dev.headstart.task.tuning;

import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A setting does not suit the network, the examples, or another setting.
public final class SettingException extends IOException {
    private static final long serialVersionUID = 1;

    private final Setting setting;
    private final String value;
    private final @Nullable Setting other;
    private final String reason;

    /// @param value of the setting; empty when the reason says enough
    /// @param other the setting that the reason is about; null for none
    /// @param reason why it does not suit
    public SettingException(Setting setting, String value, @Nullable Setting other, String reason) {
        super(sentence(setting, value, other, reason, Setting::toString));
        this.setting = setting;
        this.value = value;
        this.other = other;
        this.reason = reason;
    }

    /// @param reason why it does not suit
    public SettingException(Setting setting, String reason) {
        this(setting, "", null, reason);
    }

    private static String sentence(Setting setting, String value, @Nullable Setting other, String reason, Function<Setting, String> names) {
        return names.apply(setting) + (value.isEmpty() ? "" : " " + value) + ": " + (other == null ? "" : names.apply(other) + " ")
                + reason;
    }

    /// The message with the names that a user interface has for settings.
    public String message(Function<Setting, String> names) {
        return sentence(setting, value, other, reason, names);
    }
}
