/** A template of another engine, as a Django template includes it. */
import { isPromise } from '../../utils/maybe_promise';
import type { Context } from '../context';
import type { Engine } from '../engine';
import { NodeList } from '../node';
import { Origin } from '../origin';
import { Template } from '../template';
import type { BackendTemplate } from './base';

/** Renders in its own language, with the variables that are in sight. */
export class ForeignTemplate extends Template {
  constructor(
    private readonly foreign: BackendTemplate,
    name: string,
    engine: Engine,
  ) {
    super('', new Origin(foreign.origin.name, name), name, engine, new NodeList());
  }

  override renderIncluded(context: Context): string {
    const { waiting } = context;
    const render = (): unknown => this.foreign.render(context.flatten(), context.request);
    const result = waiting === null ? render() : waiting.again(this, render);
    if (!isPromise(result)) return String(result);
    return waiting === null ? '' : String(waiting.print(result) ?? '');
  }
}
