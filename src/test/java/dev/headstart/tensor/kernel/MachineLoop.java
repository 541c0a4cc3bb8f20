package dev.headstart.tensor.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a compiler made of an innermost loop of fused multiply-adds, read off a listing of x86-64 instructions as objdump writes it.
///
/// @param instructions from the first that is repeated to the jump that repeats it
/// @param fmas vector instructions that multiply and add
/// @param spills vector instructions that go to the stack: accumulators that found no register
/// @param stack other instructions that go to the stack: counters and addresses that found none
/// @param jumpsBack jumps, from anywhere behind, back into the loop: 1 when no part of it was moved elsewhere
/// @param jumpsOut jumps that leave the loop, as a check of bounds does when it fails
record MachineLoop(int instructions, int fmas, int spills, int stack, int jumpsBack, int jumpsOut) {
    private static final Pattern LINE = Pattern.compile("\\s*([0-9a-f]+):\\s+(\\S+)\\s*(.*)");
    private static final Pattern TARGET = Pattern.compile("0x([0-9a-f]{1,15})\\b.*");
    private static final int NONE = -1;

    /// @param target of a jump, or -1
    private record Instruction(int address, String name, String operands, int target) {
        static Instruction of(Matcher line) {
            Matcher target = TARGET.matcher(line.group(3));
            boolean jumps = line.group(2).startsWith("j") && target.matches();
            long to = jumps ? Long.parseLong(target.group(1), 16) : NONE;
            return new Instruction(Integer.parseInt(line.group(1), 16), line.group(2), line.group(3),
                    (int) Math.min(to, Integer.MAX_VALUE));
        }

        boolean jumpsBack() {
            return target != NONE && target <= address;
        }

        boolean isFma() {
            return name.startsWith("vfmadd");
        }

        boolean isVector() {
            return name.startsWith("v");
        }

        boolean onStack() {
            return operands.contains("(%rsp");
        }
    }

    /// The innermost loop with the most multiply-adds; of equals, the shortest.
    ///
    /// @throws IllegalArgumentException when no loop has any
    static MachineLoop hottest(List<String> listing) {
        List<Instruction> all = listing.stream().map(LINE::matcher).filter(Matcher::matches).map(Instruction::of).toList();
        List<Instruction> repeating = all.stream().filter(jump -> jump.jumpsBack() && loop(all, jump).fmas > 0).toList();
        List<MachineLoop> loops = new ArrayList<>();
        for (Instruction jump : repeating) {
            if (repeating.stream().noneMatch(other -> within(other, jump))) {
                loops.add(loop(all, jump));
            }
        }
        return loops.stream().max((x, y) -> x.fmas != y.fmas ? x.fmas - y.fmas : y.instructions - x.instructions)
                .orElseThrow(() -> new IllegalArgumentException("no loop of multiply-adds in " + all.size() + " instructions"));
    }

    /// Whether one loop is a part of another.
    private static boolean within(Instruction inner, Instruction outer) {
        return inner != outer && inner.target >= outer.target && inner.address <= outer.address
                && !(inner.target == outer.target && inner.address == outer.address);
    }

    private static MachineLoop loop(List<Instruction> all, Instruction jump) {
        int start = jump.target;
        int end = jump.address;
        List<Instruction> body = all.stream().filter(i -> i.address >= start && i.address <= end).toList();
        return new MachineLoop(body.size(),
                count(body.stream().filter(Instruction::isFma).count()),
                count(body.stream().filter(i -> i.isVector() && i.onStack()).count()),
                count(body.stream().filter(i -> !i.isVector() && i.onStack()).count()),
                count(all.stream().filter(i -> i.jumpsBack() && i.target >= start && i.target <= end).count()),
                count(body.stream().filter(i -> i.target != NONE && (i.target < start || i.target > end)).count()));
    }

    private static int count(long n) {
        return Math.toIntExact(n);
    }

    @Override
    public String toString() {
        return fmas + " multiply-adds, " + spills + " spills, " + instructions + " instructions, " + stack
                + " of them with counters or addresses on the stack, " + jumpsBack + " jump back, " + jumpsOut + " jumps out";
    }
}
