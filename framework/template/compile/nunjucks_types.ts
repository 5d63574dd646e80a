/** The parts of nunjucks that its types leave out: its node tree, compiler and runtime. */

/** A node of nunjucks' tree. */
export interface NunjucksNode {
  readonly typename: string;
  readonly lineno: number;
  readonly colno: number;
}

/** A node that has others. */
export interface NunjucksNodeList extends NunjucksNode {
  readonly children: NunjucksNode[];
  addChild(node: NunjucksNode): void;
}

/** Names in sight while compiling: name to JavaScript expression. */
export interface NunjucksFrame {
  set(name: string, value: unknown): void;
  lookup(name: string): unknown;
  push(isolateWrites?: boolean): NunjucksFrame;
  pop(): NunjucksFrame;
}

/** Nunjucks' compiler: a buffer of code, and a method `compileX` for each kind of node. */
export interface NunjucksCompiler {
  codebuf: string[];
  buffer: string;
  _emit(code: string): void;
  _emitLine(code: string): void;
  _pushBuffer(): string;
  _popBuffer(): void;
  _tmpid(): string;
  compile(node: NunjucksNode, frame: NunjucksFrame): void;
  compileLiteral(node: NunjucksNode): void;
  getCode(): string;
}

interface NodeClass<T extends NunjucksNode = NunjucksNode> {
  new (lineno: number, colno: number, ...fields: unknown[]): T;
  extend(name: string, properties: object): NodeClass<NunjucksNode>;
}

/** nunjucks/src/nodes */
export interface NunjucksNodes {
  Node: NodeClass;
  NodeList: NodeClass<NunjucksNodeList>;
  Root: NodeClass<NunjucksNodeList>;
  Output: NodeClass<NunjucksNodeList>;
  TemplateData: NodeClass;
  Literal: NodeClass;
}

/** Loads nunjucks' own modules; they are 200 kB, so only when a template is compiled. */
export function loadNunjucks(): {
  nodes: NunjucksNodes;
  Compiler: new (templateName: string, throwOnUndefined: boolean) => NunjucksCompiler;
  runtime: { Frame: new () => NunjucksFrame };
} {
  return {
    nodes: require('nunjucks/src/nodes') as NunjucksNodes,
    Compiler: (
      require('nunjucks/src/compiler') as { Compiler: new (n: string, t: boolean) => NunjucksCompiler }
    ).Compiler,
    runtime: require('nunjucks/src/runtime') as { Frame: new () => NunjucksFrame },
  };
}
