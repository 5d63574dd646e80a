/**
 * Signals: announcements that receivers subscribe to.
 *
 * Django: `django.dispatch`. Receivers here are held strongly; disconnect what should go.
 */
import { forEach, isPromise, type MaybePromise } from '../utils/maybe_promise';

/** What a receiver is called with: the sender, the signal and the arguments of the announcement. */
export type SignalArguments<Sender, Args extends object> = Args & {
  sender: Sender;
  signal: Signal<Args, Sender>;
};

/** A function that hears announcements; a promise that it returns is awaited by the sender. */
export type Receiver<Args extends object, Sender = unknown> = (
  args: SignalArguments<Sender, Args>,
) => MaybePromise<unknown>;

/** Who listens, to whom. */
export interface Subscription<Args extends object, Sender> {
  receiver: Receiver<Args, Sender>;
  sender: Sender | undefined;
  dispatchUid: unknown;
}

/** A signal whose announcements carry `Args`. https://docs.djangoproject.com/en/5.2/topics/signals/ */
export class Signal<Args extends object = Record<never, never>, Sender = unknown> {
  protected subscriptions: readonly Subscription<Args, Sender>[] = [];

  /**
   * Subscribes a receiver; connecting the same one (or the same `dispatchUid`) again changes nothing.
   *
   * @param options.sender hear only announcements of this sender.
   */
  connect(receiver: Receiver<Args, Sender>, options: { sender?: Sender; dispatchUid?: unknown } = {}): void {
    const { sender, dispatchUid = receiver } = options;
    if (!this.subscriptions.some((s) => s.dispatchUid === dispatchUid && s.sender === sender)) {
      this.subscriptions = [...this.subscriptions, { receiver, sender, dispatchUid }];
    }
  }

  /** Ends a subscription; says whether there was one. */
  disconnect(
    receiver?: Receiver<Args, Sender>,
    options: { sender?: Sender; dispatchUid?: unknown } = {},
  ): boolean {
    const { sender, dispatchUid = receiver } = options;
    const kept = this.subscriptions.filter((s) => s.dispatchUid !== dispatchUid || s.sender !== sender);
    const found = kept.length < this.subscriptions.length;
    this.subscriptions = kept;
    return found;
  }

  /** Whether anybody listens to anything. */
  get hasReceivers(): boolean {
    return this.subscriptions.length > 0;
  }

  /** Whether an announcement of this sender would be heard. */
  hasListeners(sender?: Sender): boolean {
    return this.subscriptions.some((s) => this.isMeant(s.sender, sender));
  }

  /** Whether who listens to `wanted` hears this sender. */
  protected isMeant(wanted: unknown, sender: Sender | undefined): boolean {
    return wanted === undefined || wanted === sender;
  }

  /**
   * Calls every receiver in order of subscription and waits for those that return promises. The first failure
   * stops the announcement and reaches the sender.
   */
  send(sender: Sender, args: Args): MaybePromise<void> {
    const subscriptions = this.subscriptions;
    if (subscriptions.length === 0) return;
    const message = { ...args, sender, signal: this };
    return forEach(subscriptions, (s) => (this.isMeant(s.sender, sender) ? s.receiver(message) : undefined));
  }

  /** Like `send`, and a failing receiver stops nobody: its error is in the results. */
  async sendRobust(
    sender: Sender,
    args: Args,
  ): Promise<{ receiver: Receiver<Args, Sender>; result: unknown; error?: unknown }[]> {
    const results = [];
    for (const s of this.subscriptions) {
      if (!this.isMeant(s.sender, sender)) continue;
      try {
        const result = s.receiver({ ...args, sender, signal: this });
        results.push({ receiver: s.receiver, result: isPromise(result) ? await result : result });
      } catch (error) {
        results.push({ receiver: s.receiver, result: undefined, error });
      }
    }
    return results;
  }
}

/** Subscribes a function to a signal, for use where it is defined: `receiver(requestFinished, () => …)`. */
export function receiver<Args extends object, Sender>(
  signal: Signal<Args, Sender>,
  fn: Receiver<Args, Sender>,
  options: { sender?: Sender; dispatchUid?: unknown } = {},
): Receiver<Args, Sender> {
  signal.connect(fn, options);
  return fn;
}
