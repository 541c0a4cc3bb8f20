package dev.headstart.task.tuning;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Terms of the loss besides the labels. 0 is none.
///
/// @param smoothing of labels
/// @param mixup alpha of the share in which two images are mixed
/// @param l2sp pull towards the initial weights
/// @param ewc the same, each weight as strongly as the old task needs it
/// @param rehearse examples of the old task with each batch
/// @param distill share of the source model's logits in the loss
public record LossTerms(double smoothing, double mixup, double l2sp, double ewc, int rehearse, double distill) {
    /// The labels alone.
    public static final LossTerms NONE = new LossTerms(0, 0, 0, 0, 0, 0);

    /// The setting that needs the source's own head; empty when none does.
    Optional<Setting> needsHead() {
        return distill > 0
                ? Optional.of(Setting.DISTILLATION)
                : ewc > 0 ? Optional.of(Setting.EWC) : rehearse > 0 ? Optional.of(Setting.REHEARSAL) : Optional.empty();
    }

    /// Whether weights are pulled to the source.
    ///
    /// @param pretrained whether they have a source: those of a new head have none
    boolean pulls(boolean pretrained) {
        return ewc > 0 || (l2sp > 0 && pretrained);
    }

    /// By name.
    Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("label smoothing", smoothing);
        facts.put("mixup", mixup);
        facts.put("pulled back by", l2sp);
        facts.put("elastic weights", ewc);
        facts.put("rehearsed with each batch", rehearse);
        facts.put("share of the teacher", distill);
        return facts;
    }
}
