package dev.headstart.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

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

    private static final String DIRECT = """

                /// Rows of the tile to use where so many rows are left and A is not packed: each row takes an index register.
                static int directHeight(int rowsLeft) {
                    return Math.min(Math.min(8, ROWS), Integer.highestOneBit(rowsLeft));
                }

                /// Adds `depth` steps to a tile of C; operands are read where they are.
                ///
                /// @param height rows of the tile: 8, 4, 2 or 1
                /// @param vectors width of the tile: 2 or 1
                /// @param a element (i, p) of the tile's rows is at `aStart + i * aRowStride + p`
                /// @param b element (p, j) of the tile's columns is at `bStart + p * bRowStride + j`
                static void multiplyDirect(int height, int vectors, int depth, float[] a, int aStart, int aRowStride,
                        float[] b, int bStart, int bRowStride, float[] c, int cStart, int cRowStride) {
                    if (bRowStride == vectors * LANES) {
                        multiplyRows(height, vectors, depth, a, aStart, aRowStride, b, bStart, c, cStart, cRowStride);
                    } else if (vectors == 2) {
                        switch (height) {
            """;

    private static final String ROWS = """

                /// The same where B is packed: with a stride that the compiler knows, no index is checked in the loop.
                private static void multiplyRows(int height, int vectors, int depth, float[] a, int aStart, int aRowStride,
                        float[] b, int bStart, float[] c, int cStart, int cRowStride) {
                    if (vectors == 2) {
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
        cases(out, "tile", 2);
        out.append("            }\n        } else {\n            switch (height) {\n");
        cases(out, "tile", 1);
        out.append("            }\n        }\n    }\n").append(DIRECT);
        cases(out, "direct", 2);
        out.append("            }\n        } else {\n            switch (height) {\n");
        cases(out, "direct", 1);
        out.append("            }\n        }\n    }\n").append(ROWS);
        cases(out, "rows", 2);
        out.append("            }\n        } else {\n            switch (height) {\n");
        cases(out, "rows", 1);
        out.append("            }\n        }\n    }\n");
        for (String name : List.of("tile", "direct", "rows")) {
            for (int width : WIDTHS) {
                for (int height : heights(name)) {
                    tile(out, name, height, width);
                }
            }
        }
        return out.append("}\n").toString();
    }

    private static int[] heights(String name) {
        return name.equals("tile") ? HEIGHTS : Arrays.copyOfRange(HEIGHTS, 1, HEIGHTS.length);
    }

    private static void cases(StringBuilder out, String name, int width) {
        boolean inPlace = !name.equals("tile");
        boolean direct = name.equals("direct");
        for (int height : heights(name)) {
            boolean row = height == 1;
            out.append("                %s -> %s%dx%d(depth, a, aStart%s, b, bStart%s, c, cStart%s);%n".formatted(
                    row ? "default" : "case " + height,
                    name, height, width, inPlace && !row ? ", aRowStride" : "", direct ? ", bRowStride" : "", row ? "" : ", cRowStride"));
        }
    }

    private static void tile(StringBuilder out, String name, int height, int width) {
        boolean inPlace = !name.equals("tile");
        boolean direct = name.equals("direct");
        boolean row = height == 1;
        out.append("""

                    private static void %s%dx%d(int depth, float[] a, int aStart%s, float[] b, int bStart%s,
                            float[] c, int cStart%s) {
                """.formatted(name, height, width, inPlace && !row ? ", int aRowStride" : "", direct ? ", int bRowStride" : "",
                row ? "" : ", int cRowStride"));
        if (inPlace) {
            for (int i = 1; i < height; i++) {
                out.append("        int row%d = aStart + %saRowStride;%n".formatted(i, i == 1 ? "" : i + " * "));
            }
        } else {
            out.append("        int ao = aStart;\n");
        }
        out.append("        int bo = bStart;\n");
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
            String index = inPlace ? (i == 0 ? "aStart" : "row" + i) + " + p" : "ao" + (i == 0 ? "" : " + " + i);
            out.append("            FloatVector a%d = FloatVector.broadcast(SPECIES, a[%s]);%n".formatted(i, index));
            for (int v = 0; v < width; v++) {
                out.append("            %1$s = a%2$d.fma(b%3$d, %1$s);%n".formatted(accumulator(i, v), i, v));
            }
        }
        if (direct) {
            out.append("            bo += bRowStride;\n        }\n");
        } else {
            out.append("%s            bo += %s;%n        }%n".formatted(inPlace ? "" : "            ao += " + height + ";\n",
                    width == 1 ? "LANES" : width + " * LANES"));
        }
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
