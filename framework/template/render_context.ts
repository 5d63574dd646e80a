/** Django: `RenderContext` of `django.template.context`. */
import type { Template } from './template';

/** Per-rendering state of tags, by node. Django: `RenderContext`. */
export class RenderContext {
  /** Each included template has its own; the last is that of the template being rendered. */
  private readonly layers: Map<unknown, unknown>[] = [new Map()];
  /** The template being rendered. */
  template: Template | null = null;

  /** The state of the template being rendered. */
  get top(): Map<unknown, unknown> {
    return this.layers[this.layers.length - 1] as Map<unknown, unknown>;
  }

  /** State shared with included templates. */
  get root(): Map<unknown, unknown> {
    return this.layers[0] as Map<unknown, unknown>;
  }

  get depth(): number {
    return this.layers.length;
  }

  push(): void {
    this.layers.push(new Map());
  }

  pop(): void {
    this.layers.pop();
  }

  /** Goes back to an earlier depth, after an error. */
  cut(depth: number): void {
    this.layers.length = depth;
  }

  get(key: unknown): unknown {
    return this.top.get(key);
  }

  set(key: unknown, value: unknown): void {
    this.top.set(key, value);
  }
}
