/** Django: `django.core.signals`, and `setting_changed` of `django.test.signals`. */
import { Signal } from '../dispatch/dispatcher';

/** A request begins. */
export const requestStarted = new Signal<{ request: unknown }>();
/** A response is complete, or its client is gone. */
export const requestFinished = new Signal<{ request: unknown; response: unknown }>();
/** A view or middleware threw something that is answered with a 500. */
export const gotRequestException = new Signal<{ request: unknown; error: unknown }>();
/** `overrideSettings` changed a setting (`enter`) or put it back. */
export const settingChanged = new Signal<{ setting: string; value: unknown; enter: boolean }>();
/** A template was rendered. Engines send it where somebody listens; the test client does. Django: `django.test.signals`. */
export const templateRendered = new Signal<{ template: { name?: unknown }; context: unknown }>();
