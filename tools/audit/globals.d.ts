/** What hooks/papernotes/build/finish/modules.py makes of the modules: what each exports, by its path. */
declare const pnModules: Record<string, unknown>;

interface Window {
  /** The call that every file of the search index makes (docs/guide/search-index.md). */
  pnSearchData?: (name: string, from: string, data: any) => void;
  /** The call that every file of the list of papers makes (hooks/papernotes/pages/files/listing.py). */
  pnListData?: (from: string, number: number, entries: Record<string, any>) => void;
}
