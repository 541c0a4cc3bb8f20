package dev.headstart.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes the micro-kernels of the matrix product, `SimdTiles`: a family that differs in height and width alone.
///
/// Run [#main] in the root of the repository to write the file anew; a test holds it to what this class says.
final class SimdTilesSource {
    static final Path FILE = Path.of("tensor/src/main/java/dev/headstart/tensor/kernel/simd/SimdTiles.java");

    private static final int[] HEIGHTS = {12, 8, 4, 2, 1};
    private static final int[] WIDTHS = {2, 1};

    private static final String HEAD = """
            package dev.headstart.tensor.kernel.simd;

            import jdk.incubator.vector.FloatVector;
            import jdk.incubator.vector.VectorSpecies;

            /// The micro-kernels of the matrix product: a tile of C stays in registers while k runs. Written by `SimdTilesSource` in `src/test`.
            ///
            /// A tile is some rows high and one or two vectors wide. In each step of k it takes one packed column of A, a number for each row,
            /// and one row of B: `C[i, :] = fma(A[i, p], B[p, :], C[i, :])`. Accumulators are local variables that start from C, and the loop is
            /// not unrolled by hand: that is what the compiler keeps in registers. With 32 vector registers 12 x 2 is as large as fits,
            /// with 16 registers 4 x 2.
            final class SimdTiles {
                static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
                static final int LANES = SPECIES.length();

                /// Rows of the highest tile.
                static final int ROWS = LANES >= 16 ? 12 : 4;

                private SimdTiles() {}

                /// Rows of the tile to use where so many rows are left.
                static int height(int rowsLeft) {
                    return rowsLeft >= ROWS ? ROWS : Math.min(8, Integer.highestOneBit(rowsLeft));
                }

                /// Adds `depth` steps to a tile of C; both operands are packed.
                ///
                /// @param height rows of the tile: 12, 8, 4, 2 or 1
                /// @param vectors width of the tile: 2 or 1
                /// @param a element (i, p) of the tile's rows is at `aStart + p * height + i`
                /// @param b element (p, j) of the tile's columns is at `bStart + p * vectors * LANES + j`
                static void multiply(int height, int vectors, int depth, float[] a, int aStart, float[] b, int bStart,
                        float[] c, int cStart, int cRowStride) {
                    if (vectors == 2) {
                        switch (height) {
            """;

    private static final String IN_PLACE = """

                /// The same with a B that is not packed, for tiles of two vectors.
                ///
                /// @param b element (p, j) of the tile's columns is at `bStart + p * bRowStride + j`
                static void multiplyInPlace(int height, int depth, float[] a, int aStart, float[] b, int bStart, int bRowStride,
                        float[] c, int cStart, int cRowStride) {
                    switch (height) {
            """;

    private SimdTilesSource() {}

    /// Writes the file.
    public static void main(String[] arguments) throws IOException {
        Files.writeString(FILE, text());
    }

    /// What the file must be.
    static String text() {
        StringBuilder out = new StringBuilder(HEAD);
        cases(out, "tile", 2, ", b, bStart");
        out.append("            }\n        } else {\n            switch (height) {\n");
        cases(out, "tile", 1, ", b, bStart");
        out.append("            }\n        }\n    }\n");
        out.append(IN_PLACE);
        cases(out, "inPlace", 2, ", b, bStart, bRowStride");
        out.append("        }\n    }\n");
        for (int width : WIDTHS) {
            for (int height : HEIGHTS) {
                tile(out, "tile", height, width, "", "%d * LANES".formatted(width));
            }
        }
        for (int height : HEIGHTS) {
            tile(out, "inPlace", height, 2, ", int bRowStride", "bRowStride");
        }
        return out.append("}\n").toString();
    }

    private static void cases(StringBuilder out, String name, int width, String b) {
        for (int height : HEIGHTS) {
            out.append("%s%s -> %s%dx%d(depth, a, aStart%s, c, cStart%s);%n".formatted(" ".repeat(name.equals("tile") ? 16 : 12),
                    height == 1 ? "default" : "case " + height, name, height, width, b, height == 1 ? "" : ", cRowStride"));
        }
    }

    private static void tile(StringBuilder out, String name, int height, int width, String parameter, String step) {
        out.append("""

                    private static void %s%dx%d(int depth, float[] a, int aStart, float[] b, int bStart%s,
                            float[] c, int cStart%s) {
                        int ao = aStart;
                        int bo = bStart;
                """.formatted(name, height, width, parameter, height == 1 ? "" : ", int cRowStride"));
        for (int i = 0; i < height; i++) {
            for (int v = 0; v < width; v++) {
                out.append("        FloatVector %s = FloatVector.fromArray(SPECIES, c, %s);%n".formatted(accumulator(i, v), place(i, v)));
            }
        }
        out.append("        for (int p = 0; p < depth; p++) {\n");
        for (int v = 0; v < width; v++) {
            out.append("            FloatVector b%d = FloatVector.fromArray(SPECIES, b, bo%s);%n".formatted(v, lanes(v)));
        }
        for (int i = 0; i < height; i++) {
            out.append("            FloatVector a%d = FloatVector.broadcast(SPECIES, a[ao%s]);%n".formatted(i, i == 0 ? "" : " + " + i));
            for (int v = 0; v < width; v++) {
                out.append("            %1$s = a%2$d.fma(b%3$d, %1$s);%n".formatted(accumulator(i, v), i, v));
            }
        }
        out.append("            ao += %d;%n            bo += %s;%n        }%n".formatted(height, step));
        for (int i = 0; i < height; i++) {
            for (int v = 0; v < width; v++) {
                out.append("        %s.intoArray(c, %s);%n".formatted(accumulator(i, v), place(i, v)));
            }
        }
        out.append("    }\n");
    }

    private static String accumulator(int i, int v) {
        return "c" + i + (v == 0 ? "l" : "r");
    }

    private static String place(int i, int v) {
        String row = switch (i) {
            case 0 -> "";
            case 1 -> " + cRowStride";
            default -> " + " + i + " * cRowStride";
        };
        return "cStart" + row + lanes(v);
    }

    private static String lanes(int v) {
        return v == 0 ? "" : " + LANES";
    }
}
