package dev.headstart.cli.options;

import dev.headstart.task.tuning.Setting;

/// The options of the command line for settings of fine-tuning: messages name them.
public final class OptionNames {
    private OptionNames() {}

    /// The option for a setting.
    public static String of(Setting setting) {
        return switch (setting) {
            case KEEP_HEAD -> "--keep-head";
            case CHANNELS -> "--channels";
            case OLD_EXAMPLES -> "--old-data";
            case LABELS -> "--labels";
            case BATCH -> "--batch";
            case FREEZE -> "--freeze";
            case HEAD_FIRST -> "--probe-first";
            case GRADUAL -> "--gradual";
            case HEAD_ONLY -> "--head-only";
            case CACHE -> "--cache";
            case AUGMENTATION -> "--augment";
            case MIXUP -> "--mixup";
            case INTERPOLATION -> "--wise-ft";
            case DISTILLATION -> "--distill";
            case EWC -> "--ewc";
            case REHEARSAL -> "--rehearse";
        };
    }
}
