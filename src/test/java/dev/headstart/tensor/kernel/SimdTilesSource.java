package dev.headstart.tensor.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
            /// A tile is some rows high and one or two vectors wide. In each step of k it takes a number from each row of A and a row of B:
            /// `C[i, :] = fma(A[i, p], B[p, :], C[i, :])`. Accumulators are local variables that start from C, and the loop is not unrolled by
            /// hand: that is what the compiler keeps in registers. With 32 vector registers 12 x 2 is as large as fits, with 16 registers 4 x 2.
            ///
            /// A is a copy, row by row or column by column, at a distance that the compiler knows: then one register finds all rows, and no index is
            /// checked in the loop. So A is hardly ever transposed.
            final class SimdTiles {
                static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
                static final int LANES = SPECIES.length();

                /// Rows of the highest tile.
                static final int ROWS = LANES >= 16 ? 12 : 4;

                /// Distance of the rows of an A that is copied row by row; not a power of two, so that rows do not meet in one set of the cache.
                static final int ROW = 272;

                /// Distance of the columns of an A that is copied column by column, in strips of so many rows: the highest tiles fill them.
                static final int COLUMN = 48;

                private SimdTiles() {}

                /// Rows of the tile to use where so many rows are left.
                static int height(int rowsLeft) {
                    return rowsLeft >= ROWS ? ROWS : Math.min(8, Integer.highestOneBit(rowsLeft));
                }

                /// Where row i begins in a copy of A by columns that has so many steps.
                static int inColumns(int i, int depth) {
                    return i / COLUMN * COLUMN * depth + i % COLUMN;
                }
            """;

    private static final String ROWS = """

                /// Adds `depth` steps to a tile of C.
                ///
                /// @param height rows of the tile: 12, 8, 4, 2 or 1
                /// @param vectors width of the tile: 2 or 1
                /// @param a element (i, p) of the tile's rows is at `aStart + i * ROW + p`
                /// @param b element (p, j) of the tile's columns is at `bStart + p * vectors * LANES + j`
                static void multiplyRows(int height, int vectors, int depth, float[] a, int aStart, float[] b, int bStart,
                        float[] c, int cStart, int cRowStride) {
            """;

    private static final String COLUMNS = """

                /// The same with A by columns.
                ///
                /// @param a element (i, p) of the tile's rows is at `aStart + p * COLUMN + i`
                static void multiplyColumns(int height, int vectors, int depth, float[] a, int aStart, float[] b, int bStart,
                        float[] c, int cStart, int cRowStride) {
            """;

    private static final String DIRECT = """

                /// The same with A by rows, and B where it is.
                ///
                /// @param b element (p, j) of the tile's columns is at `bStart + p * bRowStride + j`
                static void multiplyDirect(int height, int vectors, int depth, float[] a, int aStart, float[] b, int bStart, int bRowStride,
                        float[] c, int cStart, int cRowStride) {
            """;

    private SimdTilesSource() {}

    /// Writes the file.
    public static void main(String[] arguments) throws IOException {
        Files.writeString(FILE, text());
    }

    /// What the file must be.
    static String text() {
        StringBuilder out = new StringBuilder(HEAD);
        cases(out, ROWS, "rows");
        cases(out, COLUMNS, "columns");
        cases(out, DIRECT, "direct");
        for (String name : List.of("rows", "columns", "direct")) {
            for (int width : WIDTHS) {
                for (int height : HEIGHTS) {
                    tile(out, name, height, width);
                }
            }
        }
        return out.append("}\n").toString();
    }

    private static void cases(StringBuilder out, String head, String name) {
        out.append(head).append("        if (vectors == 2) {\n            switch (height) {\n");
        cases(out, name, 2);
        out.append("            }\n        } else {\n            switch (height) {\n");
        cases(out, name, 1);
        out.append("            }\n        }\n    }\n");
    }

    private static void cases(StringBuilder out, String name, int width) {
        for (int height : HEIGHTS) {
            boolean row = height == 1;
            out.append("                %s -> %s%dx%d(depth, a, aStart, b, bStart%s, c, cStart%s);%n".formatted(
                    row ? "default" : "case " + height,
                    name, height, width, name.equals("direct") ? ", bRowStride" : "", row ? "" : ", cRowStride"));
        }
    }

    private static void tile(StringBuilder out, String name, int height, int width) {
        boolean direct = name.equals("direct");
        boolean columns = name.equals("columns");
        out.append("""

                    private static void %s%dx%d(int depth, float[] a, int aStart, float[] b, int bStart%s,
                            float[] c, int cStart%s) {
                        int ao = aStart;
                        int bo = bStart;
                """.formatted(name, height, width, direct ? ", int bRowStride" : "", height == 1 ? "" : ", int cRowStride"));
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
            String index = i == 0 ? "ao" : columns ? "ao + " + i : i == 1 ? "ao + ROW" : "ao + " + i + " * ROW";
            out.append("            FloatVector a%d = FloatVector.broadcast(SPECIES, a[%s]);%n".formatted(i, index));
            for (int v = 0; v < width; v++) {
                out.append("            %1$s = a%2$d.fma(b%3$d, %1$s);%n".formatted(accumulator(i, v), i, v));
            }
        }
        out.append("            ao%s;%n            bo += %s;%n        }%n".formatted(columns ? " += COLUMN" : "++",
                direct ? "bRowStride" : width == 1 ? "LANES" : width + " * LANES"));
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
