"""The plots of this site: what each is drawn from, and by which of the kinds or by a function of its own."""

from __future__ import annotations

from collections.abc import Mapping

from papernotes.figures import drawings
from papernotes.figures.canvas import SIDES
from papernotes.figures.charts import TONES, Axis, Bars, Curves, Dots, Line, Shares
from papernotes.figures.plot import Plot


def _bars(picture: str, chart: Bars, *, error: float = 0) -> Plot:
    numbers: dict[str, tuple[float, float]] = {"value": (chart.axis.low, chart.axis.high)}
    if error:
        numbers["error"] = (0, error)
    return Plot(_name(picture), f"papers/{picture}", numbers, {"group": None, "label": None, "tone": TONES}, chart)


def _shares(picture: str, most: float, chart: Shares) -> Plot:
    return Plot(_name(picture), f"papers/{picture}", {"value": (0, most)}, {"label": None, "part": chart.parts}, chart)


def _dots(picture: str, chart: Dots) -> Plot:
    numbers = {"value": (chart.axis.low, chart.axis.high)}
    return Plot(_name(picture), f"papers/{picture}", numbers, {"label": None, "series": chart.series}, chart)


def _curves(picture: str, chart: Curves) -> Plot:
    numbers = {"x": (chart.x.low, chart.x.high), "y": (chart.y.low, chart.y.high)}
    texts = {"series": chart.series, "label": None, "side": SIDES}
    return Plot(_name(picture), f"papers/{picture}", numbers, texts, chart)


def _name(picture: str) -> str:
    """Of the CSV: lora-budget for lora/budget.svg."""
    return picture.removesuffix(".svg").replace("/", "-")


def _ticks(*values: float, unit: str = "") -> Mapping[float, str]:
    return {value: f"{value:g}{unit}".replace("-", "−") for value in values}


_WINS = {"胜": "full", "平": "half", "负": "mid"}
_PERCENT = Axis(0, 100, _ticks(0, 25, 50, 75, 100, unit="%"))

PLOTS = (
    Plot(
        "ppo-clip",
        "papers/ppo/clip.svg",
        {"ratio": (0, 2), "positive": (0, 2), "negative": (-2, 0)},
        {},
        drawings.draw_ppo_clip,
    ),
    Plot(
        "dpo-weight",
        "papers/dpo/weight.svg",
        {"u": (-6, 6), "loss": (0, 6.1), "weight": (0, 1)},
        {},
        drawings.draw_dpo_weight,
    ),
    Plot("nf4", "papers/qlora/nf4.svg", {"value": (-1, 1), "even": (-1, 1)}, {}, drawings.draw_nf4),
    Plot(
        "author-test",
        "papers/qlora/author-test.svg",
        {"hours": (0, 3), "memory": (0, 24)},
        {"method": ("LoRA", "QLoRA")},
        drawings.draw_author_test,
    ),
    Plot(
        "chinchilla",
        "papers/chinchilla/optimum.svg",
        {"parameters": (5e7, 5e11), "tokens": (5e9, 1e13)},
        {"kind": ("optimum", *drawings.CHINCHILLA_STYLES), "label": None, "side": SIDES},
        drawings.draw_chinchilla,
    ),
    Plot(
        "convnets",
        "papers/convnets-match-vits/compute.svg",
        {"compute": (0, 30), "accuracy": (90, 90.6)},
        {"kind": ("convnet", "vit"), "label": None, "side": SIDES},
        drawings.draw_convnets,
    ),
    Plot(
        "mixtral",
        "papers/mixtral/parameters.svg",
        {"billions": (0, 46.8)},
        {"bar": ("total", "active"), "part": drawings.MIXTRAL_STYLES},
        drawings.draw_mixtral,
    ),
    _curves(
        "lora/budget.svg",
        Curves(
            "可训练参数量与 WikiSQL 准确率",
            "横轴可训练参数量，取对数，从 10 万到 10 亿；纵轴 GPT-3 在 WikiSQL 上的准确率。LoRA 一线在 73 到 74 之间；适配器略低；"
            "逐层前缀先升后降，最高 70.1；嵌入前缀最高 63.1，再加参数降到 55.9。",
            Axis(1e5, 1e9, {1e5: "10 万", 1e6: "100 万", 1e7: "1000 万", 1e8: "1 亿", 1e9: "10 亿"}, log=True),
            Axis(52, 78, _ticks(55, 60, 65, 70, 75)),
            {
                "嵌入前缀": ("gray dash", "mid"),
                "逐层前缀": ("gray", "mid"),
                "适配器": ("line", "dark"),
                "LoRA": ("mark", "full"),
            },
            "可训练参数量",
            "WikiSQL 准确率（%）",
            left=28,
        ),
    ),
    _dots(
        "mistral-7b/bars.svg",
        Dots(
            "十二项基准上的三个模型",
            "十二条横线，各有 Llama 2 7B、Llama 2 13B 和 Mistral 7B 三个点。Mistral 7B 除 NaturalQuestions 外都在最右。",
            Axis(0, 90, _ticks(0, 20, 40, 60, 80)),
            {"Llama 2 7B": "mid", "Llama 2 13B": "dark", "Mistral 7B": "full"},
            left=112,
            words="准确率（%）",
            step=23,
        ),
    ),
    _bars(
        "mistral-7b/equivalent.svg",
        Bars(
            "与 Mistral 7B 成绩相当的 Llama 2 有多大",
            "四根横条，单位十亿参数：推理 38，MMLU 23，理解 21，知识 13；虚线是 Mistral 7B 自己的大小 7。",
            Axis(0, 40, {}),
            left=64,
            unit="B",
            line=Line(7, "Mistral 自己，7B"),
        ),
    ),
    _dots(
        "mixtral/locality.svg",
        Dots(
            "相邻词元选中同一专家的比例",
            "六条横线。首选相同：第 0 层八类文本挤在 14% 附近，随机是 12.5%；第 15 层 24% 到 28%，第 31 层 20% 到 26%。"
            "前两名有相同：第 0 层 45% 到 50%，随机是 46%；第 15 层 62% 到 67%，第 31 层 45% 到 54%。",
            Axis(0, 75, _ticks(0, 15, 30, 45, 60, 75, unit="%")),
            {"八类文本，各一个点": "half", "随机分配": "dark"},
            left=124,
        ),
    ),
    _dots(
        "mt-bench/agreement.svg",
        Dots(
            "与人判得一样的比例",
            "四条横线：两轮题各两种口径。去掉平局时三种比较都在 81% 到 85%，碰运气是 50%；含平局时在 59% 到 67%，碰运气是 33%。",
            Axis(25, 95, _ticks(30, 50, 70, 90, unit="%")),
            {"GPT-4 成对": "full", "GPT-4 单独打分": "half", "人与人": "dark", "碰运气": "mid"},
            left=124,
        ),
    ),
    _shares(
        "mt-bench/position.svg",
        101,
        Shares(
            "交换两个回答的位置，裁判改不改口",
            "六根横条。GPT-4 前后一致 65.0%，偏向前一个 30.0%；GPT-3.5 是 46.2% 和 50.0%；Claude-v1 是 23.8% 和 75.0%。"
            "改了称呼以后，Claude-v1 变成一致 56.2%、偏前 11.2%、偏后 28.7%。",
            {"前后一致": "full", "偏向前一个": "mid", "偏向后一个": "half", "出错": "dark"},
            decimals=1,
        ),
    ),
    _shares(
        "llama-2/human-eval.svg",
        101,
        Shares(
            "Llama 2-Chat 的胜、平、负",
            "六根横条，依次是 70B 对 ChatGPT、70B 对 PaLM-Bison、34B 对 Falcon-40B、34B 对 Vicuna-33B、13B 对 Vicuna-13B、7B 对 MPT-7B。"
            "胜率依次是 35.9、53.0、76.3、37.2、45.4、61.1。",
            _WINS,
            decimals=1,
        ),
    ),
    _curves(
        "llama-2/best-of-n.svg",
        Curves(
            "采样越多，最好的一个越高",
            "横轴采样次数，取对数，从 1 到 100；纵轴是以标准差为单位的奖励。最大值从 0 升到 2.5，中位数一直是 0。",
            Axis(1, 100, _ticks(1, 2, 5, 10, 20, 50, 100), log=True),
            Axis(-0.5, 3, _ticks(0, 1, 2, 3)),
            {"最大值": ("mark", "full"), "中位数": ("line", "dark")},
            "对同一个提示采样的次数 N",
            "奖励（标准差）",
            height=240,
            left=20,
        ),
    ),
    _shares(
        "lima/humans.svg",
        101,
        Shares(
            "LIMA 对五个模型的胜、平、负",
            "五根横条。对 Alpaca 65B 胜 53、平 21、负 26；对 DaVinci003 是 44、21、35；对 Bard 是 33、25、42；"
            "对 Claude 是 24、22、54；对 GPT-4 是 18、25、57。",
            _WINS,
            unit="%",
        ),
    ),
    _bars(
        "lima/quality.svg",
        Bars(
            "换数据的来源与过滤，7B 模型得几分",
            "三根横条：过滤后的 Stack Exchange 3.83 分，wikiHow 3.49 分，未过滤的 Stack Exchange 3.33 分。",
            Axis(0, 4, {}),
            left=150,
            decimals=2,
        ),
    ),
    _dots(
        "yolo/errors.svg",
        Dots(
            "两个检测器的检测各对错在哪里",
            "五条横线。正确：Fast R-CNN 71.6，YOLO 65.5。定位：8.6 和 19.0。相似类别：4.3 和 6.75。其他：1.9 和 4.0。背景：13.6 和 4.75。",
            Axis(0, 75, _ticks(0, 25, 50, 75, unit="%")),
            {"Fast R-CNN": "dark", "YOLO": "full"},
            left=66,
            numbered=True,
            step=28,
        ),
    ),
    _shares(
        "self-instruct/grades.svg",
        252,
        Shares(
            "252 个任务上的四档评分",
            "八根横条，各分四档。最好一档的题数自上而下：未微调 1，T0 数据 44，SuperNI 数据 74，自指令加 SuperNI 83，"
            "自指令 112，InstructGPT 的 001、002、003 依次 128、168、192。",
            {"A 有效，满意": "full", "B 有小毛病": "half", "C 有大错": "light", "D 无关或无效": "mid"},
            whole=252,
        ),
    ),
    _curves(
        "chinchilla/isoflop.svg",
        Curves(
            "四档算力下的损失",
            "横轴模型大小，纵轴按式 10 算出的损失。每档算力一条碗形曲线，算力越大，碗越低，碗底越靠右。",
            Axis(3e7, 3e11, {1e8: "1 亿", 1e9: "10 亿", 1e10: "100 亿", 1e11: "1000 亿"}, log=True),
            Axis(1.9, 3.7, _ticks(2, 2.5, 3, 3.5)),
            {
                "1e19": ("gray", ""),
                "1e20": ("gray", ""),
                "1e21": ("gray", ""),
                "1e22": ("gray", ""),
                "谷底": ("mark dash", "full"),
            },
            "模型大小（参数）",
            "损失",
            height=300,
            left=24,
        ),
    ),
    _curves(
        "gpt-3/arithmetic.svg",
        Curves(
            "示例越多，加法越准；位数越多，越难",
            "四条线，从零样本、单样本到少样本。两位数 76.9、99.6、100；三位数 34.2、65.5、80.4；四位数 4.0、14.0、25.5；五位数 0.7、3.5、9.3。",
            Axis(-0.25, 2.75, {0: "零样本", 1: "单样本", 2: "少样本"}),
            Axis(0, 108, _ticks(0, 25, 50, 75, 100)),
            {
                "两位数": ("mark", "full"),
                "三位数": ("mark", "full"),
                "四位数": ("line", "dark"),
                "五位数": ("line", "dark"),
            },
            "GPT-3 175B，提示里的示例",
            "加法题答对的比例（%）",
            height=270,
            left=26,
        ),
    ),
    _bars(
        "phi-1/bars.svg",
        Bars(
            "换数据、换大小，HumanEval 变多少",
            "六根横条。3.5 亿参数：未筛选的代码 12.19，筛选过的 17.68，加课本 20.12，再用习题微调 45。13 亿参数：加课本 29，再用习题微调 51。",
            Axis(0, 55, {}),
            left=126,
            unit="%",
        ),
    ),
    _shares(
        "pythia/embedding.svg",
        101,
        Shares(
            "总参数里词嵌入占多少",
            "八根横条。词嵌入的比例从 70M 的 73% 降到 160M 的 47%、410M 的 26%、1.0B 的 19%、1.4B 的 14%、2.8B 的 10%、6.9B 的 7%、12B 的 6%。",
            {"各层的参数": "full", "词嵌入": "light"},
            unit="%",
        ),
    ),
    _dots(
        "emu-video/winrates.svg",
        Dots(
            "对九个系统的胜率",
            "九条横线，各有画质与忠实度两个点，都在 50% 右边；最靠左的是对 Imagen Video 的忠实度 56.4 和对 Gen2 的画质 78.5。",
            Axis(45, 100, {50: "50%，平手", 75: "75%", 100: "100%"}),
            {"画质": "full", "忠实度": "dark"},
            left=120,
            numbered=True,
        ),
    ),
    _bars(
        "mae/hours.svg",
        Bars(
            "预训练 800 个周期要多少小时",
            "六根横条。ViT-L：编码器看掩码向量 42.4 小时，不看 15.4，解码器再减到一层 11.6。ViT-H：约 119.6、34.5、29.3。",
            Axis(0, 120, {}),
            left=140,
        ),
    ),
    _bars(
        "segment-anything/points.svg",
        Bars(
            "一个点提示，SAM 减 RITM",
            "二十三根横条，从 PPDLS 的 +46.9 到 GTEA 的 −21.4；十六根向右，七根向左。",
            Axis(-22, 47, {}),
            left=84,
            signed=True,
            decimals=1,
            step=20,
        ),
    ),
    _bars(
        "orca-2/hallucination.svg",
        Bars(
            "三个摘要任务平均的幻觉率",
            "四根横条：GPT-4 2.80，Orca 2 13B 空提示 10.97、审慎提示 29.00，Llama 2-Chat 13B 47.53。",
            Axis(0, 50, {}),
            left=158,
            decimals=2,
            unit="%",
        ),
    ),
    _bars(
        "orca-2/reasoning-average.svg",
        Bars(
            "六项推理基准的零样本均分",
            "七根横条：Orca 2 13B 审慎提示 66.92、空提示 64.49，7B 是 62.62 和 60.60；WizardLM 70B 66.29，Llama 2-Chat 70B 56.85、13B 43.71。",
            Axis(0, 70, {}),
            left=158,
            decimals=2,
        ),
    ),
    _curves(
        "zephyr/benchmarks.svg",
        Curves(
            "两个榜排出的次序不同",
            "横轴 MT-Bench，纵轴 AlpacaEval 胜率，七个模型各一个点。Llama2-Chat-70B 在 Zephyr 的左上方。",
            Axis(5.8, 9.6, _ticks(6, 7, 8, 9)),
            Axis(86, 97, _ticks(87, 90, 93, 96)),
            {"Zephyr": ("", "full"), "开放": ("", "dark"), "闭源": ("", "mid")},
            "MT-Bench（满分 10）",
            "AlpacaEval 胜率（%）",
            left=24,
            r=5,
        ),
    ),
    _curves(
        "gshard/scale.svg",
        Curves(
            "参数、层数与平均 BLEU",
            "横轴参数，取对数；纵轴平均 BLEU。12 层的三个 MoE 从 36.7 升到 41.3，36 层的从 39.0 升到 44.3；稠密的 23 亿参数模型是 36.9。",
            Axis(1e9, 1e12, {1e9: "10 亿", 1e10: "100 亿", 1e11: "1000 亿", 1e12: "1 万亿"}, log=True),
            Axis(35, 46, _ticks(36, 38, 40, 42, 44, 46)),
            {"12 层": ("line", "dark"), "36 层": ("mark", "full"), "稠密": ("", "mid")},
            "参数",
            "100 种语言译成英语的平均 BLEU",
            left=22,
        ),
    ),
    _curves(
        "dpo/frontier.svg",
        Curves(
            "奖励与 KL 的前沿，一个算得出的例子",
            "横轴是离参考策略的 KL，纵轴是平均奖励。一条平方根形的曲线，上面三个点标着 β 等于 2、1、0.5；越往右越平。",
            Axis(0, 3, _ticks(0, 1, 2, 3)),
            Axis(0, 3, _ticks(0, 1, 2, 3)),
            {"前沿": ("mark", ""), "最优": ("", "full"), "注": ("", "")},
            "离参考策略的 KL",
            "平均奖励（参考策略下的标准差）",
            height=250,
            left=16,
            r=5,
        ),
    ),
    _bars(
        "instructgpt/preference.svg",
        Bars(
            "1750 亿的 InstructGPT 被选中的比例",
            "四根横条，虚线是一半：对 GPT-3 85，对加了示例的 GPT-3 71，对 T0 微调 79，对 FLAN 微调 78，误差 3 到 4。",
            Axis(0, 95, {}),
            left=126,
            unit="%",
            line=Line(50, "一半"),
        ),
        error=5,
    ),
)
