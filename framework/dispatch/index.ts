export { type Receiver, receiver, Signal, type SignalArguments } from './dispatcher';
