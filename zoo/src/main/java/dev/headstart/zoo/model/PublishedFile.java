package dev.headstart.zoo.model;

import dev.headstart.autograd.Parameters;
import dev.headstart.io.Weights;
import dev.headstart.nn.transfer.Transfer;
import dev.headstart.nn.transfer.TransferReport;
import dev.headstart.nn.transfer.TransferSource;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A file beside the model it is to be loaded into.
///
/// @param resolved for each name in the file, the model's name for it
public record PublishedFile(Published model, Parameters parameters, Weights weights, Map<String, String> resolved) {
    /// What PyTorch's wrappers put into names: of parallel training, of compiled modules, of sharded ones, of checkpointed activations.
    private static final Set<String> WRAPPERS = Set.of("module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module");

    /// What is saved beside weights: steps of batch norm, what thop counts of each layer, and what PyTorch's averages count.
    private static final Set<String> BOOKKEEPING = Set.of("num_batches_tracked", "total_ops", "total_params", "n_averaged");

    /// This file beside this model.
    public static PublishedFile of(Published model, Weights weights) {
        return new PublishedFile(model, model.parameters(), weights, resolved(model, weights.names()));
    }

    /// For each name of a file, the model's name for it.
    public static Map<String, String> resolved(Published model, Set<String> names) {
        Set<String> known = new HashSet<>(model.parameters().byName().keySet());
        known.addAll(model.aliases().keySet());
        Map<String, String> resolved = new LinkedHashMap<>();
        for (String name : names) {
            resolved.put(name, resolve(name, model, known));
        }
        return resolved;
    }

    private static String resolve(String name, Published model, Set<String> known) {
        String bare = known.contains(name) ? name : unwrapped(name);
        String here = known.contains(bare) ? bare : model.modern(bare);
        String prefix = model.prefix();
        if (known.contains(here) || prefix.isEmpty()) {
            return here;
        }
        if (known.contains(prefix + here)) {
            return prefix + here;
        }
        return here.startsWith(prefix) && known.contains(here.substring(prefix.length())) ? here.substring(prefix.length()) : here;
    }

    /// A name without what PyTorch's wrappers put into it, wherever and however often: `features.module.0.weight`.
    public static String unwrapped(String name) {
        if (WRAPPERS.stream().noneMatch(name::contains)) {
            return name;
        }
        String[] segments = name.split("\\.", -1);
        int last = segments.length - 1;
        return IntStream.rangeClosed(0, last).filter(i -> i == last || !WRAPPERS.contains(segments[i])).mapToObj(i -> segments[i])
                .collect(Collectors.joining("."));
    }

    /// Whether a parameter counts steps: files may lack it, have it with an axis of one, or beyond what float32 holds exactly.
    static boolean isCounter(String parameter) {
        return last(parameter).equals("num_batches_tracked");
    }

    /// Whether a tensor of this name counts something beside weights.
    public static boolean isBookkeeping(String name) {
        return BOOKKEEPING.contains(last(name));
    }

    /// Whether a tensor of this name, which is none of a model's, is there for other reasons than to be a weight.
    static boolean isLeft(Published model, String name) {
        return model.ignores(name) || isBookkeeping(name);
    }

    private static String last(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /// Loads the file into the model.
    ///
    /// @param exceptions what may be missing or left over beyond what the model says
    public TransferReport load(UnaryOperator<Transfer> exceptions) throws IOException {
        Map<String, String> aliases = model.aliases();
        Map<String, String> names = new LinkedHashMap<>(resolved);
        Set<String> left = new HashSet<>();
        for (Map.Entry<String, String> entry : resolved.entrySet()) {
            String name = aliases.get(entry.getValue());
            if (name != null && resolved.containsValue(name)) {
                demandTied(entry.getKey(), name);
                left.add(entry.getKey());
            } else if (name != null) {
                names.put(entry.getKey(), name);
            } else if (!parameters.byName().containsKey(entry.getValue()) && isLeft(model, entry.getValue())) {
                left.add(entry.getKey());
            }
        }
        Transfer transfer = Transfer.into(model.architecture(), parameters).rename(name -> names.getOrDefault(name, name))
                .ordered(model.layouts());
        for (String name : parameters.byName().keySet()) {
            transfer = model.isOptional(name) ? transfer.allowMissing(name) : transfer;
        }
        TransferSource source = counted(names).without(left::contains);
        return exceptions.apply(transfer).from(weights.file().toString(), source);
    }

    /// The file's tensors, its counters as scalars, as near as float32 comes to them.
    private TransferSource counted(Map<String, String> names) {
        TransferSource source = source(weights);
        Predicate<String> counter = name -> isCounter(names.getOrDefault(name, name)) && weights.info(name).elements() == 1;
        return TransferSource.of(weights.names(), name -> counter.test(name) ? Shape.of() : source.shape(name),
                name -> counter.test(name) ? weights.nearest(name).reshape() : source.read(name));
    }

    /// The tensors of a file as what weights come from.
    public static TransferSource source(Weights weights) {
        return TransferSource.of(weights.names(), weights::shape, weights::tensor);
    }

    /// Refuses a file that has different numbers for what is one parameter here.
    private void demandTied(String alias, String name) throws IOException {
        String own = resolved.entrySet().stream().filter(entry -> entry.getValue().equals(name)).findFirst().orElseThrow().getKey();
        if (!(weights.shape(alias).equals(weights.shape(own)) && equal(weights.tensor(alias), weights.tensor(own)))) {
            throw new IOException("load " + weights.file() + " into " + model.architecture() + ": " + alias + " and " + own
                    + " differ: they are one parameter of this model");
        }
    }

    /// Bit equality, without copies of the whole.
    private static boolean equal(Tensor a, Tensor b) {
        if (a.rank() < 2) {
            return a.bitsEqual(b);
        }
        int rows = (int) Math.max(1, ((long) a.dim(0) << 20) / Math.max(1, a.size()));
        for (int i = 0; i < a.dim(0); i += rows) {
            int end = Math.min(a.dim(0), i + rows);
            if (!a.slice(0, i, end).bitsEqual(b.slice(0, i, end))) {
                return false;
            }
        }
        return true;
    }
}
