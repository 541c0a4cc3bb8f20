/// JMH benchmarks of kernels. Each checks its answer before it is timed.
///
/// ```
/// mvn -DskipTests -pl bench -am package
/// java -cp 'bench/target/*:bench/target/lib/*' org.openjdk.jmh.Main Gemm -p shape=S64,S1024 -prof gc
/// java -cp 'bench/target/*:bench/target/lib/*' org.openjdk.jmh.Main Conv -p images=STAGE_1,STEM -p pass=FORWARD
/// java -cp 'bench/target/*:bench/target/lib/*' org.openjdk.jmh.Main Attention -p time=512 -p causal=true -prof gc
/// ```
///
/// `-prof gc` adds bytes allocated for each operation (`gc.alloc.rate.norm`): kernels write into what they are given, and results in a
/// workspace are used again, so that what is left are small objects. `-f 1 -wi 1 -i 1` is a trial, no measurement.
package dev.headstart.bench;
