;; The two passes of an antialiased resize (resize-kernel.ts), for all channels at once.
;; Compiled to resize-wasm.ts by scripts/build-kernel.mjs.
;;
;; Sums are 32-bit, in fixed point of 22 bits, and start at one half. Narrowing saturates, which
;; is the clipping to 0-255. Addresses and strides are in bytes; starts and counts in samples.
(module
  (memory (export "memory") 1)

  ;; RGBA rows -> RGB rows of `width`. Writes one byte more than that.
  (func (export "horizontal")
    (param $source i32) (param $sourceStride i32) (param $rows i32)
    (param $starts i32) (param $counts i32) (param $weights i32) (param $weightStride i32)
    (param $width i32) (param $output i32)
    (local $x i32) (local $line i32) (local $at i32) (local $tap i32) (local $end i32)
    (local $a v128) (local $b v128) (local $pixels v128)

    (block $done
      (loop $nextRow
        (br_if $done (i32.eqz (local.get $rows)))
        (local.set $x (i32.const 0))
        (local.set $line (local.get $weights))

        (loop $nextPixel
          (local.set $a (v128.const i32x4 2097152 2097152 2097152 2097152))
          (local.set $b (v128.const i32x4 0 0 0 0))
          (local.set $at
            (i32.add (local.get $source)
              (i32.shl
                (i32.load (i32.add (local.get $starts) (i32.shl (local.get $x) (i32.const 2))))
                (i32.const 2))))
          (local.set $tap (local.get $line))
          (local.set $end
            (i32.add (local.get $line)
              (i32.shl
                (i32.load (i32.add (local.get $counts) (i32.shl (local.get $x) (i32.const 2))))
                (i32.const 2))))

          ;; Two source pixels at a time, then the odd one.
          (block $by2
            (loop $next2
              (br_if $by2
                (i32.gt_u (i32.add (local.get $tap) (i32.const 8)) (local.get $end)))
              (local.set $pixels
                (i16x8.extend_low_i8x16_u (v128.load64_zero (local.get $at))))
              (local.set $a (i32x4.add (local.get $a)
                (i32x4.mul (i32x4.extend_low_i16x8_u (local.get $pixels))
                           (v128.load32_splat (local.get $tap)))))
              (local.set $b (i32x4.add (local.get $b)
                (i32x4.mul (i32x4.extend_high_i16x8_u (local.get $pixels))
                           (v128.load32_splat offset=4 (local.get $tap)))))
              (local.set $at (i32.add (local.get $at) (i32.const 8)))
              (local.set $tap (i32.add (local.get $tap) (i32.const 8)))
              (br $next2)))
          (if (i32.lt_u (local.get $tap) (local.get $end))
            (then
              (local.set $a (i32x4.add (local.get $a)
                (i32x4.mul
                  (i32x4.extend_low_i16x8_u
                    (i16x8.extend_low_i8x16_u (v128.load32_zero (local.get $at))))
                  (v128.load32_splat (local.get $tap)))))))

          (local.set $a (i32x4.shr_s (i32x4.add (local.get $a) (local.get $b)) (i32.const 22)))
          (local.set $a (i16x8.narrow_i32x4_s (local.get $a) (local.get $a)))
          (v128.store32_lane 0 (local.get $output)
            (i8x16.narrow_i16x8_u (local.get $a) (local.get $a)))
          ;; The fourth byte is overwritten by the next pixel.
          (local.set $output (i32.add (local.get $output) (i32.const 3)))
          (local.set $line (i32.add (local.get $line) (local.get $weightStride)))
          (local.set $x (i32.add (local.get $x) (i32.const 1)))
          (br_if $nextPixel (i32.lt_u (local.get $x) (local.get $width))))

        (local.set $source (i32.add (local.get $source) (local.get $sourceStride)))
        (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
        (br $nextRow))))

  ;; Lines of `line` bytes -> `height` such lines. Reads and writes up to 15 bytes more.
  (func (export "vertical")
    (param $input i32) (param $line i32)
    (param $starts i32) (param $counts i32) (param $weights i32) (param $weightStride i32)
    (param $height i32) (param $output i32)
    (local $y i32) (local $x i32) (local $first i32) (local $at i32) (local $tap i32)
    (local $end i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $bytes v128) (local $low v128) (local $high v128) (local $weight v128)

    (loop $nextLine
      (local.set $first
        (i32.add (local.get $input)
          (i32.mul (local.get $line)
            (i32.load (i32.add (local.get $starts) (i32.shl (local.get $y) (i32.const 2)))))))
      (local.set $end
        (i32.add (local.get $weights)
          (i32.shl
            (i32.load (i32.add (local.get $counts) (i32.shl (local.get $y) (i32.const 2))))
            (i32.const 2))))
      (local.set $x (i32.const 0))

      (loop $nextBytes
        (local.set $a (v128.const i32x4 2097152 2097152 2097152 2097152))
        (local.set $b (local.get $a))
        (local.set $c (local.get $a))
        (local.set $d (local.get $a))
        (local.set $at (i32.add (local.get $first) (local.get $x)))
        (local.set $tap (local.get $weights))

        (block $summed
          (loop $nextTap
            (br_if $summed (i32.ge_u (local.get $tap) (local.get $end)))
            (local.set $weight (v128.load32_splat (local.get $tap)))
            (local.set $bytes (v128.load (local.get $at)))
            (local.set $low (i16x8.extend_low_i8x16_u (local.get $bytes)))
            (local.set $high (i16x8.extend_high_i8x16_u (local.get $bytes)))
            (local.set $a (i32x4.add (local.get $a)
              (i32x4.mul (i32x4.extend_low_i16x8_u (local.get $low)) (local.get $weight))))
            (local.set $b (i32x4.add (local.get $b)
              (i32x4.mul (i32x4.extend_high_i16x8_u (local.get $low)) (local.get $weight))))
            (local.set $c (i32x4.add (local.get $c)
              (i32x4.mul (i32x4.extend_low_i16x8_u (local.get $high)) (local.get $weight))))
            (local.set $d (i32x4.add (local.get $d)
              (i32x4.mul (i32x4.extend_high_i16x8_u (local.get $high)) (local.get $weight))))
            (local.set $at (i32.add (local.get $at) (local.get $line)))
            (local.set $tap (i32.add (local.get $tap) (i32.const 4)))
            (br $nextTap)))

        (v128.store (i32.add (local.get $output) (local.get $x))
          (i8x16.narrow_i16x8_u
            (i16x8.narrow_i32x4_s
              (i32x4.shr_s (local.get $a) (i32.const 22))
              (i32x4.shr_s (local.get $b) (i32.const 22)))
            (i16x8.narrow_i32x4_s
              (i32x4.shr_s (local.get $c) (i32.const 22))
              (i32x4.shr_s (local.get $d) (i32.const 22)))))
        (local.set $x (i32.add (local.get $x) (i32.const 16)))
        (br_if $nextBytes (i32.lt_u (local.get $x) (local.get $line))))

      ;; What is beyond the line is overwritten by the next one.
      (local.set $output (i32.add (local.get $output) (local.get $line)))
      (local.set $weights (i32.add (local.get $weights) (local.get $weightStride)))
      (local.set $y (i32.add (local.get $y) (i32.const 1)))
      (br_if $nextLine (i32.lt_u (local.get $y) (local.get $height)))))
)
