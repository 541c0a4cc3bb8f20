package dev.headstart.zoo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Which of several networks in one file is meant, where the programs that write such files agree on it.
///
/// - An average of the weights comes before the weights, as in timm (`load_state_dict` of timm.models: `state_dict_ema`, `model_ema`, then
///   `state_dict`, `model`) and BasicSR (`params_ema`).
/// - Of contrastive pairs the encoder that gradients train: MoCo, BYOL, solo-learn.
/// - Of DINO the teacher, which its own evaluation takes.
final class PartOrder {
    private static final List<List<String>> ORDERS = List.of(
            List.of("state_dict_ema", "model_state_dict_ema", "model_ema", "ema_state_dict", "ema_model_state_dict", "ema_model",
                    "params_ema",
                    "ema", "state_dict", "model_state_dict", "model_state", "model", "net_state_dict", "net", "network", "params",
                    "weights"),
            List.of("encoder_q", "encoder_k"), List.of("base_encoder", "momentum_encoder"), List.of("teacher", "student"),
            List.of("online_network", "target_network"), List.of("online_encoder", "target_encoder"),
            List.of("backbone", "momentum_backbone"));

    private PartOrder() {}

    /// The first by the order that all of them belong to; nothing where there is no such order.
    ///
    /// @param prefixes what the names of each begin with, dots included
    static Optional<String> first(List<String> prefixes) {
        List<String> left = prefixes;
        for (int depth = 0; left.size() > 1; depth++) {
            int at = depth;
            List<String> segments = left.stream().map(prefix -> segment(prefix, at)).distinct().toList();
            Optional<String> best = segments.size() == 1 ? Optional.of(segments.getFirst()) : best(segments);
            if (best.isEmpty() || best.get().isEmpty()) {
                return Optional.empty();
            }
            left = new ArrayList<>(left.stream().filter(prefix -> segment(prefix, at).equals(best.get())).toList());
        }
        return Optional.of(left.getFirst());
    }

    private static String segment(String prefix, int at) {
        String[] segments = prefix.split("\\.", -1);
        return at < segments.length ? segments[at] : "";
    }

    private static Optional<String> best(List<String> segments) {
        return ORDERS.stream().filter(order -> order.containsAll(segments)).findFirst()
                .flatMap(order -> segments.stream().min(Comparator.comparingInt(order::indexOf)));
    }
}
