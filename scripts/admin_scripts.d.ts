export declare const target: string;
export declare function compile(): { files: Map<string, string>; errors: string[] };
