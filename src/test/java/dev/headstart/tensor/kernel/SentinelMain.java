package dev.headstart.tensor.kernel;

import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.machine.Backend;

/// Multiplies matrices until the tiles are compiled, and prints how wide vectors are.
final class SentinelMain {
    private SentinelMain() {}

    /// `bits 512`
    public static void main(String[] args) {
        RandomStream random = RandomStream.of(1);
        Tensor many = random.child("many").normal(Shape.of(512, 512), 0, 1); // by rows, and transposed by columns
        Tensor few = random.child("few").normal(Shape.of(64, 512), 0, 1); // meets a B that is read where it is
        Tensor b = random.child("b").normal(Shape.of(512, 512), 0, 1);
        for (int i = 0; i < 40; i++) {
            many.matmul(b);
            many.transpose(0, 1).matmul(b);
        }
        for (int i = 0; i < 200; i++) {
            few.matmul(b);
        }
        System.out.println("bits " + Backend.active().vectorBits());
    }
}
