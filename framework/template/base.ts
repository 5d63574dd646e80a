/** The names of `django.template.base`, gathered from where each is kept. */
export { TemplateSyntaxError, VariableDoesNotExist } from './exceptions';
export { Lexer } from './lexer';
export { Node, NodeList, type Rendered, TextNode, VariableNode } from './node';
export { Origin, UNKNOWN_SOURCE } from './origin';
export { Parser, tokenKwargs } from './parser';
export { Template } from './template';
export { Token, TokenType } from './token';
export { FilterExpression, Variable } from './variable';
