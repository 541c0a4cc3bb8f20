package dev.headstart.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.conv.Conv2d;
import dev.headstart.nn.norm.BatchNorm;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.geometry.Conv2dGeometry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScopeTest {
    private static final RandomStream RANDOM = RandomStream.of(7);

    /// A table, numbered layers, and a head that is tied to the table.
    private static final class Network implements Part {
        private final Embedding table;
        private final Linear first;
        private final Scope scope;

        Network(Scope scope) {
            this.table = new Embedding(5, 3, scope.child("body.table"));
            this.first = new Linear(3, 3, scope.child("body.layer").child(0));
            new Linear(3, 3, Initialiser.glorotUniform(), null, scope.child("body.layer.1"));
            scope.alias("head.decoder.weight", table.weight());
            scope.child("head").parameter("bias", WeightKind.OTHER, Shape.of(5), Initialiser.ones());
            this.scope = scope.ownedBy(this);
        }

        @Override
        public Parts parts() {
            return scope.parts();
        }
    }

    private static List<String> names(Part part) {
        return List.copyOf(part.parameters().byName().keySet());
    }

    @Test
    void names_are_recorded_in_order_and_composed() {
        assertEquals(List.of("body.table.weight", "body.layer.0.weight", "body.layer.0.bias", "body.layer.1.weight", "head.bias"),
                names(new Network(Scope.of(RANDOM))));
    }

    @Test
    void parts_are_found_by_kind_under_their_names() {
        Network network = new Network(Scope.of(RANDOM));
        Map<String, Linear> layers = network.parts().all(Linear.class);
        assertEquals(List.of("body.layer.0", "body.layer.1"), List.copyOf(layers.keySet()));
        assertSame(network.first, layers.get("body.layer.0"));
        assertEquals(WeightKind.EMBEDDING, network.parts().kind("body.table.weight"));
        assertEquals(WeightKind.LINEAR, network.parts().kind("body.layer.1.weight"));
        assertEquals(WeightKind.OTHER, network.parts().kind("body.layer.0.bias"));
    }

    @Test
    void a_tied_weight_is_an_alias_of_the_first() {
        Network network = new Network(Scope.of(RANDOM));
        assertEquals(Map.of("head.decoder.weight", "body.table.weight"), network.parts().aliases());
        Scope outer = Scope.of(RANDOM);
        Network inner = new Network(outer.child("model"));
        assertEquals(Map.of("model.head.decoder.weight", "model.body.table.weight"), outer.parts().aliases());
        assertSame(inner.table.weight(), outer.parts().parameters().get("model.body.table.weight"));
    }

    @Test
    void first_values_come_from_the_stream_of_the_name_and_can_come_from_another() {
        Network network = new Network(Scope.of(RANDOM));
        Tensor table = new Embedding(5, 3, RANDOM.child("body.table")).weight().value();
        assertTrue(table.bitsEqual(network.table.weight().value()));
        Tensor first = new Linear(3, 3, RANDOM.child("body.layer").child(0)).weight().value();
        assertTrue(first.bitsEqual(network.first.weight().value()));
        Linear moved = new Linear(3, 3, Scope.of(RANDOM).child("other", stream -> stream.child("body.layer").child(0)));
        assertTrue(first.bitsEqual(moved.weight().value()));
    }

    @Test
    void a_name_is_taken_once() {
        Scope scope = Scope.of(RANDOM);
        new Linear(2, 2, scope.child("a"));
        IllegalStateException owned = assertThrows(IllegalStateException.class, () -> scope.child("a").ownedBy(Parts::none));
        assertEquals("scope: 'a' has an owner, a Linear", owned.getMessage());
        IllegalArgumentException taken = assertThrows(IllegalArgumentException.class, () -> new Linear(2, 2, scope.child("a")));
        assertEquals("scope: 'a.weight' is there already", taken.getMessage());
        assertThrows(IllegalArgumentException.class, () -> scope.child(""));
        assertThrows(IllegalArgumentException.class, () -> scope.buffer("x.y", Shape.of(1), 0));
        assertThrows(IllegalArgumentException.class, () -> scope.child("a.weight"));
    }

    @Test
    void a_scope_of_shapes_has_names_and_shapes_and_no_values() {
        Network outline = new Network(Scope.ofShapes());
        Network network = new Network(Scope.of(RANDOM));
        assertEquals(names(network), names(outline));
        network.parameters().byName().forEach((name, parameter) -> assertEquals(parameter.shape(), outline.parameters().get(name).shape()));
        IllegalStateException none = assertThrows(IllegalStateException.class, outline.first.weight()::value);
        assertEquals("scope: body.layer.0.weight has no value: the network was made for its names and shapes only", none.getMessage());
        BatchNorm norm = new BatchNorm(1 << 30, Scope.ofShapes()); // five tensors of 4 GiB, were they allocated
        assertEquals(5, norm.parameters().size());
    }

    @Test
    void a_renewed_scope_keeps_all_but_what_is_asked_for_anew() {
        Scope old = Scope.of(RANDOM);
        Linear body = new Linear(2, 3, old.child("body"));
        Linear head = new Linear(3, 4, old.child("heads.0"));
        Linear last = new Linear(1, 1, old.child("last"));
        Scope changed = old.renewed(RandomStream.of(9), "heads.0");
        Linear other = new Linear(3, 5, changed.child("heads.0"));
        assertEquals(List.of("body.weight", "body.bias", "heads.0.weight", "heads.0.bias", "last.weight", "last.bias"),
                List.copyOf(changed.parts().parameters().byName().keySet()));
        assertSame(body.weight(), changed.parts().parameters().get("body.weight"));
        assertSame(last.weight(), changed.parts().parameters().get("last.weight"));
        assertSame(other.weight(), changed.parts().parameters().get("heads.0.weight"));
        assertSame(head.weight(), old.parts().parameters().get("heads.0.weight"), "the old one is as it was");
        assertNotSame(head.weight(), other.weight());
        assertTrue(new Linear(3, 5, RandomStream.of(9).child("heads.0")).weight().value().bitsEqual(other.weight().value()));
        assertThrows(IllegalArgumentException.class, () -> old.renewed(RANDOM, "tail"));
    }

    private static List<String> names(Scope scope) {
        List<String> names = new ArrayList<>(scope.parts().parameters().byName().keySet());
        names.addAll(scope.parts().aliases().keySet());
        scope.parts().all(Part.class).forEach((name, part) -> names.add(name + " " + part.parts().children().keySet()));
        return names;
    }

    @Test
    void a_refused_name_changes_no_network() {
        Scope old = Scope.of(RANDOM);
        Linear body = new Linear(2, 3, old.child("body"));
        Parameter scale = old.parameter("weight", WeightKind.OTHER, Shape.of(3), Initialiser.ones());
        old.child("heads").parameter("bias", WeightKind.OTHER, Shape.of(3), Initialiser.ones());
        new Linear(3, 4, old.child("heads.0"));
        old.alias("heads.tied", scale);
        Scope changed = old.renewed(RandomStream.of(9), "heads.0");
        new Linear(3, 5, changed.child("heads.0"));
        List<String> before = names(old);
        List<String> after = names(changed);
        for (Scope scope : List.of(old, changed)) {
            for (String path : List.of("weight.x", "heads.bias.x", "heads.tied.x", "heads.1", "", "body.weight", "body.weight.x")) {
                assertThrows(IllegalArgumentException.class, () -> scope.renewed(RANDOM, path), path);
            }
            for (String path : List.of("weight", "weight.x", "heads.bias", "heads.tied.y", "fresh.", "fresh..x", "")) {
                assertThrows(IllegalArgumentException.class, () -> scope.child(path), path);
            }
            for (String path : List.of("weight", "weight.x", "heads", "heads.0", "heads.bias", "body", "body.weight", "fresh.", "")) {
                assertThrows(IllegalArgumentException.class, () -> scope.alias(path, body.weight()), path);
            }
            for (String name : List.of("weight", "heads", "body", "a.b", "")) {
                assertThrows(IllegalArgumentException.class, () -> scope.buffer(name, Shape.of(1), 0), name);
            }
            assertThrows(IllegalArgumentException.class, () -> new Linear(3, 5, scope.child("heads.0")));
            assertThrows(IllegalArgumentException.class, () -> scope.child("heads").buffer("bias", Shape.of(1), 0));
        }
        assertEquals(before, names(old));
        assertEquals(after, names(changed));
        assertSame(scale, old.parts().parameters().get("weight"));
    }

    @Test
    void what_is_named_after_a_renewal_is_named_in_one_network() {
        Scope old = Scope.of(RANDOM);
        Linear body = new Linear(2, 3, old.child("body"));
        old.child("heads").parameter("bias", WeightKind.OTHER, Shape.of(3), Initialiser.ones());
        new Linear(3, 4, old.child("heads.0"));
        List<String> before = names(old);
        Scope changed = old.renewed(RandomStream.of(9), "heads.0");
        new Linear(3, 5, changed.child("heads.0"));
        new Linear(3, 5, changed.child("heads.1"));
        changed.alias("heads.tied", body.weight());
        changed.buffer("steps", Shape.SCALAR, 0);
        assertEquals(before, names(old));
        assertEquals(
                List.of("body.weight", "body.bias", "heads.bias", "heads.0.weight", "heads.0.bias", "heads.1.weight", "heads.1.bias",
                        "steps"),
                List.copyOf(changed.parts().parameters().byName().keySet()));
        assertEquals(Map.of("heads.tied", "body.weight"), changed.parts().aliases());
        assertSame(body, changed.parts().children().get("body"), "a part that was kept is the same part");
        old.child("heads").buffer("steps", Shape.SCALAR, 0);
        assertFalse(changed.parts().parameters().byName().containsKey("heads.steps"));
        IllegalArgumentException kept = assertThrows(IllegalArgumentException.class, () -> changed.child("body"));
        assertEquals("scope: 'body' is there already", kept.getMessage());
        IllegalArgumentException inside = assertThrows(IllegalArgumentException.class, () -> old.renewed(RANDOM, "body.weight"));
        assertEquals("scope: 'body' is a parameter or a part with an owner: it is renewed as a whole", inside.getMessage());
    }

    @Test
    void what_is_added_later_is_a_part() {
        Scope scope = Scope.of(RANDOM);
        Embedding table = new Embedding(5, 3, scope.child("table"));
        table.prompt(Parameter.of(Tensor.zeros(Shape.of(2, 3))));
        assertEquals(List.of("table.weight", "table.prompt"), List.copyOf(scope.parts().parameters().byName().keySet()));
    }

    @Test
    void a_linear_layer_without_bias_has_the_bits_of_one_whose_bias_is_zero() {
        Linear without = new Linear(7, 5, Initialiser.glorotUniform(), null, Scope.of(RANDOM));
        Variable x = Variable.of(RANDOM.normal(Shape.of(3, 7), 0, 1));
        assertEquals(List.of("weight"), names(without));
        assertTrue(new Linear(7, 5, RANDOM).forward(x).value().bitsEqual(without.forward(x).value()));
    }

    @Test
    void a_convolution_with_another_weight_is_named_in_a_scope() {
        Conv2d conv = new Conv2d(1, 2, 3, Conv2dGeometry.DEFAULT, RANDOM);
        Scope scope = Scope.of(RANDOM);
        Conv2d changed = conv.withWeight(Parameter.of(Tensor.zeros(Shape.of(2, 3, 3, 4))), scope.child("stem"));
        assertEquals(List.of("stem.weight", "stem.bias"), List.copyOf(scope.parts().parameters().byName().keySet()));
        assertSame(conv.bias(), changed.bias());
        assertEquals(WeightKind.CONV2D, scope.parts().kind("stem.weight"));
    }
}
