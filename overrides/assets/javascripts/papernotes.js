/* What runs on every page, once it is read; hooks/papernotes/build/finish/modules.py makes one script of it and of what it imports. */
import { startActions } from "./actions.js";
import { startFigures } from "./figures.js";
import { startFormulas } from "./formula.js";
import { startGlossary } from "./glossary.js";
import { startHome } from "./home.js";
import { startList } from "./list.js";
import { startMap } from "./map.js";
import { startMissing } from "./missing.js";
import { startOffline } from "./offline.js";
import { startPreviews } from "./preview.js";
import { startPrint } from "./print.js";
import { startScroll } from "./scroll.js";
import { startSearch } from "./search/box.js";

startFormulas();
startFigures();
startSearch();
startOffline();
startPreviews();
startScroll();
startActions();
startMap();
startList();
startHome();
startGlossary();
startMissing();
startPrint();
