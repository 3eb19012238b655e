/** What hooks/papernotes/build/finish/offline.py puts before the worker's text: the digest of the build, and how many lists of files there are. */
declare const BUILD: string;
declare const LISTS: number;
