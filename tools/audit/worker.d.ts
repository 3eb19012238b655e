/** What hooks/papernotes/offline.py puts before the worker's text: the digest of the build, and of each file by its path. */
declare const BUILD: string;
declare const FILES: Record<string, string>;
