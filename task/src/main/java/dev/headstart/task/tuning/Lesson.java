package dev.headstart.task.tuning;

import java.util.LinkedHashMap;
import java.util.Map;

/// What the loss is made of besides the labels. 0 is none.
///
/// @param smoothing of labels
/// @param mixup alpha of the share in which two images are mixed
/// @param l2sp pull back to where weights started
/// @param ewc the same, weight by weight as strongly as the old task needs it
/// @param rehearse examples of the old task with each batch
/// @param distill share of what the source model says in the loss
public record Lesson(double smoothing, double mixup, double l2sp, double ewc, int rehearse, double distill) {
    /// Why the head's own source is needed, as the option that needs it; empty when it is not.
    String needsHead() {
        return distill > 0 ? "--distill" : ewc > 0 ? "--ewc" : rehearse > 0 ? "--rehearse" : "";
    }

    /// Whether weights are pulled to the source.
    ///
    /// @param have whether they have one: those of a new head have none
    boolean pulls(boolean have) {
        return ewc > 0 || (l2sp > 0 && have);
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
