/* What a query asks for: its three readings, each a set of units. */
import { fold, isCjk, pieces } from "./fold.js";
import { current, joined, listOf } from "./index.js";
import { numbersIn } from "./numbers.js";
import { best, Pages } from "./pages.js";
import { isNowhere, pairs, shareOf, weightOf, worth } from "./units.js";
import { unitOfNumber, unitOfRun, unitOfTerm, unitOfWord, unitsOf } from "./units.js";

/** @import { Form } from "./index.js" */
/** @import { Unit } from "./units.js" */

const MOST_CALLED = 8; // ideographs of a word that pages are called by, as it is looked for in a run
const MANY = 3; // units from which a query is likely to say more than it looks for
const LONGEST_QUERY = 120; // characters; a longer query is cut, and the reader is told
// What readers put around the thing they look for. Only ever taken away in the second reading of a query.
const ASKING = new RegExp(
  "解决了?(?:什么|哪些|啥)问题|起了?(?:什么|啥)作用|有(?:什么|啥)(?:作用|好处|用)|(?:讲|说|做)了?(?:些?什么|啥)|分?(?:为|成)?(?:哪?几|多少)[步种类]|" +
    "有?什么关系|什么是|是什么意思|是什么|什么叫|叫什么|指什么|什么时候|为什么|为啥|什么样|什么|为何|怎么样|怎么来的|怎么办|怎么|怎样|如何|咋|" +
    "有没有|有哪些|有多少|哪些|哪个好|哪个更好|哪个|哪种|哪一|从哪里来|从哪里|哪里|哪儿|哪篇|有用吗|能不能|可不可以|是不是|是否|多少|" +
    "请问|这个网站|这网站|本站|网站|这些|那些|这篇|这个|那个|一下|需要|应该|可以|想要|想让|想|论文|文章|译读|解读|讲解|详解|介绍|入门|原理|提出|意思|定义|" +
    "之后|以后|之前|后来|还要|还能|还会|还有|也能|也会|也行|也要|反而|其实|真的|究竟|会不会|要不要|该不该|需不需要|值不值得|" +
    "一定|一起|通常|大概|大约|有点|一点|一些|这种|那种|这样|那样|因为|所以|但是|如果|的话|帮助|好处|就够|够吗|够不够|" +
    "区别|不同|差别|相比|对比|比较|还是|或者|以及|按照|关于|各个|之间|自己的|行不行|好不好|" +
    "(?<![a-z0-9]\\.?)(?:the|an?|of|is|are|what|how|why|does|do|in|on|for|to|and|or|with|vs)(?!\\.?[a-z0-9])|" +
    "吗|呢|吧|啊|了(?!解)|(?<!目)的|(?<![混总饱])和(?!谐)|(?<!参)与|跟(?!踪|随)|是|(?<![引使应作通常专利采调适费])用(?![户途法])|" +
    "(?<![存潜内现])在(?!线)|把|给|做|让|到底|(?<![社机])会(?![议话])",
  "gu",
);

/** Asks what to read first. The words are taken away with those above; where nothing else is left, pages are looked for
 * that have this keyword. */
const ORDER = new RegExp(
  "(?:最?先|首先|第一[个篇])(?:应该|该|要)?[读看学]|从(?:哪|什么)[里儿处篇个本]?(?:论文|文章)?(?:开始|入手|起步|[读看学])起?[读看学]?|" +
    "[按照以用]?(?:什么|怎样的?|啥)(?:阅读|学习|[读看学])?的?[顺次]序来?[读看学]?|(?:阅读|学习|入门|[读看学])的?(?:[顺次]序|路线|路径)|" +
    "[读看学]哪[篇个本些]|新手|小白|零基础|初学者?",
  "gu",
);
const ORDER_KEYWORD = "阅读顺序";
const ENDINGS = ["", "ing", "ation", "ion", "ment"];

const ID = "([a-z-]{2,10}(?:\\.[a-z]{2})?\\/\\d{7}|\\d{4}\\.\\d{4,5})";
const LINK = new RegExp(
  `(?:https?:\\/\\/)?(?:(?:www|export)\\.)?(?:arxiv\\.org\\/(?:abs|pdf|html|format)\\/|(?:dx\\.)?doi\\.org\\/10\\.48550\\/arxiv\\.|` +
    `10\\.48550\\/arxiv\\.|arxiv\\s*[:：]?\\s*|(?:[a-z0-9-]+\\.)+[a-z]{2,}\\/(?:[\\w-]+\\/){0,4})${ID}(?:v\\d{1,3})?(?:\\.pdf)?(?:[?#]\\S*)?`,
  "giu",
);
const VERSION = /(?<![\d.])(\d{4}\.\d{4,5})v\d{1,3}(?!\w)/giu;
const NO_POINT = /(?<![\d.])(\d{2}(?:0[1-9]|1[0-2]))(\d{5})(?![\d.])/gu; // an id without its full stop: no amount looks so

/** The query as typed -> the folded text that is searched. A link or an id with its version becomes the bare id.
 * @param {string} query
 * @returns {{ text: string, cut: boolean }} */
export function normalise(query) {
  const cut = Array.from(query.slice(0, LONGEST_QUERY * 2))
    .slice(0, LONGEST_QUERY)
    .join("");
  const plain = cut
    .replace(/[，；：！？（）]/g, "$& ") // what parts a list, which would come out as any other sign
    .normalize("NFKC")
    .replace(LINK, " $1 ")
    .replace(NO_POINT, "$1.$2")
    .replace(VERSION, "$1");
  return { text: fold(plain).trim(), cut: cut.length < query.length };
}

/** The forms in which a term may be known that is typed in this one: fine-tuned and fine-tune are fine-tuning.
 * @param {string} form @param {boolean} latin whether it ends in letters
 * @returns {string[]} */
function inflected(form, latin) {
  if (!latin) return [form];
  const stem = form.match(/^(.*?[a-z]{4,}?)(?:e?[ds]|e|ing)?$/)?.[1];
  return [form, form.replace(/s$/, ""), ...(stem ? ENDINGS.map((ending) => stem + ending) : [])];
}

/** Terms named in a folded text, longest first from the left, and what is left between them.
 * @param {string} text */
export function splitTerms(text) {
  /** @type {Hit[]} */
  const found = [];
  /** @type {string[]} */
  const rest = [];
  let left = "";
  /** @param {string} char */
  const border = (char) => !char || char === " " || char === "." || isCjk(char);
  for (let place = 0; place < text.length;) {
    /** @type {Hit | null} */
    let hit = null;
    for (let length = Math.min(current().longest + 1, text.length - place); length > 1; length--) {
      const typed = text.slice(place, place + length);
      const latin = !isCjk(typed[typed.length - 1]);
      if (!isCjk(typed[0]) && !border(text[place - 1])) continue;
      if (latin && (!border(text[place + length]) || /[ .]$/.test(typed))) continue;
      const known = inflected(joined(typed), latin).find((form) => current().forms.has(form));
      if (!known) continue;
      hit = { .../** @type {Form} */ (current().forms.get(known)), length };
      break;
    }
    if (hit) {
      found.push(hit);
      rest.push(left);
      left = "";
      place += hit.length;
    } else left += text[place++];
  }
  rest.push(left);
  return { found, rest: rest.filter((part) => part.trim()) };
}

/** A form of terms in a query, as long as it stands there.
 * @typedef {{ form: string, numbers: number[], length: number }} Hit */

/** Three readings of a query: letter by letter; by terms and numbers, without what only asks; and all parts of it apart.
 * `ordered`: it asks what to read first; `left`: what is neither a term nor a number, without what only asks.
 * @typedef {{ typed: Unit[], meant: Unit[], parts: Unit[], ordered: boolean, left: string[] }} Plan */

/** @param {string} text */
const strip = (text) => text.replace(ORDER, " ").replace(ASKING, " ");

/** Numbers of a folded text, and what is left between them.
 * @param {string} text */
function splitNumbers(text) {
  const grouped = text.replace(/(?<![a-z0-9.])(\d{1,3})(\d{3})(?![a-z0-9.])/g, "$1.$2"); // 1000 may be 一千 as well
  const found = numbersIn(grouped);
  /** @type {string[]} */
  const rest = [];
  let from = 0;
  for (const { start, end } of found) {
    rest.push(grouped.slice(from, start));
    from = end;
  }
  rest.push(grouped.slice(from));
  return { found, rest: rest.filter((part) => part.trim()) };
}

/** @param {string} text
 * @returns {Promise<Plan>} */
export async function plan(text) {
  const { found, rest } = splitTerms(text);
  const split = rest.map(splitNumbers);
  const numbers = split.flatMap((part) => part.found);
  const left = split.flatMap((part) => part.rest.map(strip)).filter((part) => part.trim());
  const differs = found.length > 0 || numbers.length > 0 || left.join("") !== rest.join("");
  const useful = found.length > 0 || numbers.length > 0 || left.some((part) => pieces(part).some((piece) => piece.length > 1));
  // A term's list holds every page with any of its forms, so a query that is one Chinese form needs no other list.
  const isTerm = found.length === 1 && found[0].length === text.length && pieces(text)[0] === text && isCjk(text);
  const ordered = text.search(ORDER) >= 0;
  // What the parts need, and what tells whether one stands nowhere: asked for now, not a round trip later.
  for (const run of left.flatMap(pieces)) if (isCjk(run)) isNowhere(run).catch(() => {});
  const [typed, keyword, terms, values, others] = await Promise.all([
    isTerm ? [] : unitsOf(text, true),
    ordered && !found.length ? unitsOf(ORDER_KEYWORD, true) : [],
    Promise.all(found.slice(0, 8).map(unitOfTerm)),
    Promise.all(numbers.slice(0, 8).map(unitOfNumber)),
    differs && useful ? Promise.all(left.map((part) => unitsOf(part, false))) : [],
  ]);
  const meant = keyword.length ? keyword : differs && useful ? terms.concat(values, ...others) : [];
  const whole = meant.length ? meant : typed;
  const parts = whole.length ? await partsOf(whole) : [];
  for (const units of [meant, parts]) if (units.length >= MANY) for (const unit of units) unit.among = true;
  return { typed, meant, parts, ordered, left };
}

/** Those of a run's neighbouring pairs that are likely to be its words: of pairs that share an ideograph, one over the border of
 * two words stands on fewer pages. No two of them overlap, and together they stand on the most.
 * @template {{ list: Pages }} T
 * @param {T[]} all @returns {T[]} */
export function wordsIn(all) {
  /** @type {{ value: number, words: T[] }[]} */
  const best = [{ value: 0, words: [] }]; // of the pairs before each
  all.forEach((pair, place) => {
    const skipped = best[place];
    const before = best[Math.max(0, place - 1)];
    const value = before.value + Math.log(1 + pair.list.size);
    best.push(value > skipped.value ? { value, words: [...before.words, pair] } : skipped);
  });
  return best[all.length].words;
}

/** A run as the words in it that pages are called by, longest first from the left, and what is left between them.
 * @param {string} run */
function splitCalled(run) {
  const { called } = current();
  /** @type {string[]} */
  const words = [];
  let left = "";
  /** @type {string[]} */
  const rest = [];
  for (let place = 0; place < run.length;) {
    let length = Math.min(MOST_CALLED, run.length - place);
    while (length > 1 && !called.has(run.slice(place, place + length))) length--;
    if (length > 1) {
      words.push(run.slice(place, place + length));
      rest.push(left);
      left = "";
    } else left += run[place];
    place += length;
  }
  return { words, rest: [...rest, left].filter((part) => part.length > 1) };
}

/** The parts of a reading, each by itself: a run of ideographs that is no term falls into what pages are called by, and
 * into its pairs.
 * @param {Unit[]} units
 * @returns {Promise<Unit[]>} */
async function partsOf(units) {
  const made = units.map(async (unit) => {
    const [form] = unit.forms;
    if (unit.loose && !unit.pages.size) return Promise.all(unit.loose.map(unitOfWord)); // neither joined nor together
    if (unit.term || unit.same || unit.number || !isCjk(form) || Array.from(form).length < 3) return [unit];
    const { words, rest } = splitCalled(form);
    const split = rest.map(async (run) => {
      const lists = await Promise.all(pairs(run).map(async ({ pair }) => ({ pair, list: await listOf(pair) })));
      return wordsIn(lists).map(({ pair, list }) => ({ forms: [pair], pages: worth(list, 1), exact: true }));
    });
    return [...(await Promise.all(words.map(unitOfRun))), ...(await Promise.all(split)).flat()];
  });
  return (await Promise.all(made)).flat().filter((unit) => unit.pages.size);
}

/** Pages that have every unit that is not optional, with their worth; with `least` below 1, those that have that share of the units.
 * @param {Unit[]} units @param {number} [least]
 * @returns {Pages} */
export function all(units, least = 1) {
  const out = new Pages(current().pages);
  const needed = units.filter((unit) => !unit.optional);
  if (!needed.length) return out;
  const weights = units.map(weightOf);
  const total = needed.reduce((sum, unit) => sum + weightOf(unit), 0);
  const parts = needed.length;
  const some = needed.map((unit) => unit.pages);
  const first = least < 1 ? best(some) : some.reduce((a, b) => (a.size <= b.size ? a : b));
  for (const page of first.numbers) {
    let [got, part, value] = [0, 0, 0];
    for (let place = 0; place < units.length; place++) {
      const has = units[place].pages.get(page);
      if (!has) continue;
      value += has * weights[place];
      if (units[place].optional) continue;
      got++;
      part += weights[place];
    }
    const share = shareOf(got / parts, part / total);
    if (share >= least) out.raise(page, (value / total) * share ** 2);
  }
  return out;
}
