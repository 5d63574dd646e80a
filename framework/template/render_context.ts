/** Django: `RenderContext` of `django.template.context`. */
import type { Template } from './template';

/** Per-rendering state of tags, by node. Django: `RenderContext`. */
export class RenderContext {
  /** Each included template has its own; the last is that of the template being rendered. */
  private readonly layers: (Map<unknown, unknown> | undefined)[] = [undefined];
  /** The template being rendered. */
  template: Template | null = null;

  /** The state of the template being rendered. */
  get top(): Map<unknown, unknown> {
    return this.layer(this.layers.length - 1);
  }

  /** State shared with included templates. */
  get root(): Map<unknown, unknown> {
    return this.layer(0);
  }

  /** Made when a tag asks for it: most templates have no such tag. */
  private layer(index: number): Map<unknown, unknown> {
    let layer = this.layers[index];
    if (layer === undefined) {
      layer = new Map();
      this.layers[index] = layer;
    }
    return layer;
  }

  get depth(): number {
    return this.layers.length;
  }

  push(): void {
    this.layers.push(undefined);
  }

  pop(): void {
    this.layers.pop();
  }

  /** Goes back to an earlier depth, after an error. */
  cut(depth: number): void {
    this.layers.length = depth;
  }

  get(key: unknown): unknown {
    return this.layers[this.layers.length - 1]?.get(key);
  }

  set(key: unknown, value: unknown): void {
    this.top.set(key, value);
  }
}
