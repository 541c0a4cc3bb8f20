package dev.headstart.tensor.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/// What the sentinel reads off listings and off what a JVM prints, so that it is known to see what it looks for.
class SentinelLoopTest {
    /// A loop as C2 makes it: entered in the middle, with a check of bounds, its limit on the stack; before and behind it vectors on the
    /// stack, which is no concern of the loop's.
    private static final String GOOD = """

            code.bin:     file format binary

            Disassembly of section .data:

            0000000000000000 <.data>:
               0:	mov    %eax,-0x14000(%rsp)
               7:	vmovups 0x20(%rsp),%zmm1
               c:	jmp    0x14
              10:	add    $0x20,%r11d
              14:	cmp    %edi,%r11d
              17:	jae    0x60
              1d:	vmovups 0x10(%rax,%r11,4),%zmm3
              28:	vbroadcastss 0x10(%rbp,%r11,4),%zmm12
              30:	vfmadd231ps %zmm3,%zmm12,%zmm21
              36:	vfmadd231ps %zmm4,%zmm12,%zmm20
              3c:	inc    %r10d
              3f:	cmp    0x30(%rsp),%r10d
              44:	jl     0x10
              46:	vmovdqu32 %zmm21,0x10(%r14,%r10,4)
              51:	ret
              60:	vmovdqu64 %zmm21,0x20(%rsp)
              6b:	call   0xffffffffffa91260
              70:	jmp    0x0
              75:	jmp    0xffffffffffa67960
              7a:	hlt
            """;

    private static MachineLoop loop(String listing) {
        return MachineLoop.hottest(listing.lines().toList());
    }

    @Test
    void a_loop_is_counted_from_its_target_to_its_jump() {
        assertEquals(new MachineLoop(10, 2, 0, 1, 1, 1), loop(GOOD));
    }

    @Test
    void a_vector_on_the_stack_is_a_spill_and_a_counter_is_not() {
        assertEquals(1, loop(GOOD.replace("0x10(%rax,%r11,4),%zmm3", "0x40(%rsp),%zmm3")).spills());
        assertEquals(1, loop(GOOD.replace("0x10(%rax,%r11,4),%zmm3", "%zmm3,(%rsp)")).spills());
        assertEquals(1, loop(GOOD.replace("%zmm4,%zmm12,%zmm20", "0x40(%rsp),%zmm12,%zmm20")).spills());
        assertEquals(1, loop(GOOD.replace("vbroadcastss 0x10(%rbp,%r11,4),%zmm12", "vmovd  0x44(%rsp),%xmm12")).spills());
        MachineLoop counter = loop(GOOD.replace("add    $0x20,%r11d", "add    0x44(%rsp),%r11d"));
        assertEquals(List.of(0, 2), List.of(counter.spills(), counter.stack()));
    }

    @Test
    void a_missing_multiply_add_is_seen() {
        assertEquals(1, loop(GOOD.replace("vfmadd231ps %zmm4,%zmm12,%zmm20", "vaddps %zmm4,%zmm12,%zmm20")).fmas());
    }

    @Test
    void a_part_of_the_loop_that_was_moved_away_shows_as_a_second_jump_back() {
        assertEquals(2, loop(GOOD.replace("jmp    0x0\n", "jmp    0x3c\n")).jumpsBack());
    }

    @Test
    void of_nested_loops_the_inner_one_is_meant() {
        assertEquals(new MachineLoop(10, 2, 0, 1, 1, 1), loop(GOOD.replace("ret\n", "jne    0x7\n")));
    }

    @Test
    void of_several_loops_that_with_the_most_multiply_adds_is_meant() {
        String tail = """
              80:	vfmadd231ps %zmm4,%zmm12,%zmm20
              86:	jl     0x80
            """;
        assertEquals(2, loop(GOOD + tail).fmas());
        assertEquals(3, loop(GOOD + tail.replace("  86", "  84:\tvfmadd231ps %zmm4,%zmm12,%zmm21\n  86")).instructions(), "the shorter");
    }

    @Test
    void a_listing_without_such_a_loop_is_refused() {
        String straight = GOOD.replace("jl     0x10", "jl     0x46").replace("jmp    0x0", "jmp    0x70");
        assertThrows(IllegalArgumentException.class, () -> loop(straight));
        assertThrows(IllegalArgumentException.class, () -> loop(""));
    }

    private static final String PRINTED = """
            Compiled method (c1) 644  697       3       dev.headstart.X::tile (1334 bytes)
            [MachCode]
              0x00007f5d904c0100: 0101
            [/MachCode]
            Compiled method (c2) 700  700       4       dev.headstart.X::tile (1334 bytes)
            [MachCode]
              0x00007f5d904c0100: 0202
            [/MachCode]
            Compiled method (c2) 1658  704       4       dev.headstart.X::tile (1334 bytes)
             main code      [0x00007f5d97f0bb80,0x00007f5d97f0e190] = 9744
            [MachCode]
            [Verified Entry Point]
              # parm6:    [sp+0x650]   = int  (sp of caller)
              0x00007f5d97f0bb80: 8984 2400 | c0fe ff55\s

              0x00007f5d97f0bb88: ;   {other}
              0x00007f5d97f0bb88: c3\s
            [/MachCode]
            Compiled method (c2) 1700  705 %     4       dev.headstart.X::tile @ 464 (1334 bytes)
            [MachCode]
              0x00007f5d904c0100: 0303
            [/MachCode]
            Compiled method (c2) 1701  706       4       dev.headstart.X::tile2 (1334 bytes)
            [MachCode]
              0x00007f5d904c0100: 0404
            [/MachCode]
            """;

    @Test
    void the_last_version_that_c2_made_of_the_whole_method_counts() {
        byte[] code = {(byte) 0x89, (byte) 0x84, 0x24, 0, (byte) 0xc0, (byte) 0xfe, (byte) 0xff, 0x55, (byte) 0xc3};
        assertArrayEquals(code, MachineCode.last(PRINTED.lines().toList(), "tile"));
        assertEquals(0, MachineCode.last(PRINTED.lines().toList(), "other").length);
    }

    @Test
    void code_with_a_gap_is_refused() {
        List<String> gap = PRINTED.replace("0bb88: c3", "0bb89: c3").lines().toList();
        assertThrows(IllegalArgumentException.class, () -> MachineCode.last(gap, "tile"));
    }
}
