export { Aggregate, type AggregateOptions } from './base';
export { AnyValue, Avg, Count, Max, Min, type OfPath, Sum } from './general';
export { BitAnd, BitOr, BitXor, type SampleOptions, StdDev, Variance } from './statistics';
export { StringAgg } from './text';
