;; Scores of one query against many rows: scores[i] = rows[i] . query, in f32.
;; Compiled to dot-wasm.ts by scripts/build-kernel.mjs.
;;
;; Four accumulators of four lanes hide the latency of the addition; what is left of a row after
;; its multiples of 16 is done four numbers at a time, then one by one. So any dimension works,
;; and rows lie side by side without padding, as they are stored.
(module
  (memory (export "memory") 1)

  (func (export "dot")
    (param $query i32)   ;; address of `dim` numbers
    (param $row i32)     ;; address of `count * dim` numbers
    (param $scores i32)  ;; address of `count` numbers, written
    (param $count i32)
    (param $dim i32)
    (local $q i32) (local $end i32) (local $end4 i32) (local $end16 i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $sum f32)

    (local.set $end (i32.add (local.get $query) (i32.shl (local.get $dim) (i32.const 2))))
    (local.set $end4
      (i32.add (local.get $query)
        (i32.shl (i32.and (local.get $dim) (i32.const -4)) (i32.const 2))))
    (local.set $end16
      (i32.add (local.get $query)
        (i32.shl (i32.and (local.get $dim) (i32.const -16)) (i32.const 2))))

    (block $done
      (loop $rows
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $q (local.get $query))
        (local.set $a (v128.const f32x4 0 0 0 0))
        (local.set $b (v128.const f32x4 0 0 0 0))
        (local.set $c (v128.const f32x4 0 0 0 0))
        (local.set $d (v128.const f32x4 0 0 0 0))

        (block $by16
          (loop $next16
            (br_if $by16 (i32.ge_u (local.get $q) (local.get $end16)))
            (local.set $a (f32x4.add (local.get $a)
              (f32x4.mul (v128.load (local.get $q)) (v128.load (local.get $row)))))
            (local.set $b (f32x4.add (local.get $b)
              (f32x4.mul (v128.load offset=16 (local.get $q))
                         (v128.load offset=16 (local.get $row)))))
            (local.set $c (f32x4.add (local.get $c)
              (f32x4.mul (v128.load offset=32 (local.get $q))
                         (v128.load offset=32 (local.get $row)))))
            (local.set $d (f32x4.add (local.get $d)
              (f32x4.mul (v128.load offset=48 (local.get $q))
                         (v128.load offset=48 (local.get $row)))))
            (local.set $q (i32.add (local.get $q) (i32.const 64)))
            (local.set $row (i32.add (local.get $row) (i32.const 64)))
            (br $next16)))

        (block $by4
          (loop $next4
            (br_if $by4 (i32.ge_u (local.get $q) (local.get $end4)))
            (local.set $a (f32x4.add (local.get $a)
              (f32x4.mul (v128.load (local.get $q)) (v128.load (local.get $row)))))
            (local.set $q (i32.add (local.get $q) (i32.const 16)))
            (local.set $row (i32.add (local.get $row) (i32.const 16)))
            (br $next4)))

        (local.set $a (f32x4.add (f32x4.add (local.get $a) (local.get $b))
                                 (f32x4.add (local.get $c) (local.get $d))))
        (local.set $sum
          (f32.add
            (f32.add (f32x4.extract_lane 0 (local.get $a)) (f32x4.extract_lane 1 (local.get $a)))
            (f32.add (f32x4.extract_lane 2 (local.get $a)) (f32x4.extract_lane 3 (local.get $a)))))

        (block $by1
          (loop $next1
            (br_if $by1 (i32.ge_u (local.get $q) (local.get $end)))
            (local.set $sum (f32.add (local.get $sum)
              (f32.mul (f32.load (local.get $q)) (f32.load (local.get $row)))))
            (local.set $q (i32.add (local.get $q) (i32.const 4)))
            (local.set $row (i32.add (local.get $row) (i32.const 4)))
            (br $next1)))

        (f32.store (local.get $scores) (local.get $sum))
        (local.set $scores (i32.add (local.get $scores) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $rows)))))
