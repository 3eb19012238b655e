"""The plots of this site: what each is drawn from, and by which of the kinds or by a function of its own."""

from __future__ import annotations

from papernotes.figures import drawings
from papernotes.figures.charts import (
    Axis,
    Bars,
    Curves,
    Dots,
    Line,
    Shares,
    plot_bars,
    plot_curves,
    plot_dots,
    plot_shares,
    ticks,
)

_WINS = {"胜": "full", "平": "half", "负": "mid"}

PLOTS = (
    *drawings.PLOTS,
    plot_curves(
        "lora/budget.svg",
        Curves(
            "可训练参数量与 WikiSQL 准确率",
            "横轴可训练参数量，取对数，从 10 万到 10 亿；纵轴 GPT-3 在 WikiSQL 上的准确率。LoRA 一线在 73 到 74 之间；适配器略低；"
            "逐层前缀先升后降，最高 70.1；嵌入前缀最高 63.1，再加参数降到 55.9。",
            Axis(1e5, 1e9, {1e5: "10 万", 1e6: "100 万", 1e7: "1000 万", 1e8: "1 亿", 1e9: "10 亿"}, log=True),
            Axis(52, 78, ticks(55, 60, 65, 70, 75)),
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
    plot_dots(
        "mistral-7b/bars.svg",
        Dots(
            "十二项基准上的三个模型",
            "十二条横线，各有 Llama 2 7B、Llama 2 13B 和 Mistral 7B 三个点。Mistral 7B 除 NaturalQuestions 外都在最右。",
            Axis(0, 90, ticks(0, 20, 40, 60, 80)),
            {"Llama 2 7B": "mid", "Llama 2 13B": "dark", "Mistral 7B": "full"},
            left=112,
            words="准确率（%）",
            step=23,
        ),
    ),
    plot_bars(
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
    plot_dots(
        "mixtral/locality.svg",
        Dots(
            "相邻词元选中同一专家的比例",
            "六条横线。首选相同：第 0 层八类文本挤在 14% 附近，随机是 12.5%；第 15 层 24% 到 28%，第 31 层 20% 到 26%。"
            "前两名有相同：第 0 层 45% 到 50%，随机是 46%；第 15 层 62% 到 67%，第 31 层 45% 到 54%。",
            Axis(0, 75, ticks(0, 15, 30, 45, 60, 75, unit="%")),
            {"八类文本，各一个点": "half", "随机分配": "dark"},
            left=124,
        ),
    ),
    plot_dots(
        "mt-bench/agreement.svg",
        Dots(
            "与人判得一样的比例",
            "四条横线：两轮题各两种口径。去掉平局时三种比较都在 81% 到 85%，碰运气是 50%；含平局时在 59% 到 67%，碰运气是 33%。",
            Axis(25, 95, ticks(30, 50, 70, 90, unit="%")),
            {"GPT-4 成对": "full", "GPT-4 单独打分": "half", "人与人": "dark", "碰运气": "mid"},
            left=124,
        ),
    ),
    plot_shares(
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
    plot_shares(
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
    plot_curves(
        "llama-2/best-of-n.svg",
        Curves(
            "采样越多，最好的一个越高",
            "横轴采样次数，取对数，从 1 到 100；纵轴是以标准差为单位的奖励。最大值从 0 升到 2.5，中位数一直是 0。",
            Axis(1, 100, ticks(1, 2, 5, 10, 20, 50, 100), log=True),
            Axis(-0.5, 3, ticks(0, 1, 2, 3)),
            {"最大值": ("mark", "full"), "中位数": ("line", "dark")},
            "对同一个提示采样的次数 N",
            "奖励（标准差）",
            height=240,
            left=20,
        ),
    ),
    plot_shares(
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
    plot_bars(
        "lima/quality.svg",
        Bars(
            "换数据的来源与过滤，7B 模型得几分",
            "三根横条：过滤后的 Stack Exchange 3.83 分，wikiHow 3.49 分，未过滤的 Stack Exchange 3.33 分。",
            Axis(0, 4, {}),
            left=150,
            decimals=2,
        ),
    ),
    plot_dots(
        "yolo/errors.svg",
        Dots(
            "两个检测器的检测各对错在哪里",
            "五条横线。正确：Fast R-CNN 71.6，YOLO 65.5。定位：8.6 和 19.0。相似类别：4.3 和 6.75。其他：1.9 和 4.0。背景：13.6 和 4.75。",
            Axis(0, 75, ticks(0, 25, 50, 75, unit="%")),
            {"Fast R-CNN": "dark", "YOLO": "full"},
            left=66,
            numbered=True,
            step=28,
        ),
    ),
    plot_shares(
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
    plot_curves(
        "chinchilla/isoflop.svg",
        Curves(
            "四档算力下的损失",
            "横轴模型大小，纵轴按式 10 算出的损失。每档算力一条碗形曲线，算力越大，碗越低，碗底越靠右。",
            Axis(3e7, 3e11, {1e8: "1 亿", 1e9: "10 亿", 1e10: "100 亿", 1e11: "1000 亿"}, log=True),
            Axis(1.9, 3.7, ticks(2, 2.5, 3, 3.5)),
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
    plot_curves(
        "gpt-3/arithmetic.svg",
        Curves(
            "示例越多，加法越准；位数越多，越难",
            "四条线，从零样本、单样本到少样本。两位数 76.9、99.6、100；三位数 34.2、65.5、80.4；四位数 4.0、14.0、25.5；五位数 0.7、3.5、9.3。",
            Axis(-0.25, 2.75, {0: "零样本", 1: "单样本", 2: "少样本"}),
            Axis(0, 108, ticks(0, 25, 50, 75, 100)),
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
    plot_bars(
        "phi-1/bars.svg",
        Bars(
            "换数据、换大小，HumanEval 变多少",
            "六根横条。3.5 亿参数：未筛选的代码 12.19，筛选过的 17.68，加课本 20.12，再用习题微调 45。13 亿参数：加课本 29，再用习题微调 51。",
            Axis(0, 55, {}),
            left=126,
            unit="%",
        ),
    ),
    plot_shares(
        "pythia/embedding.svg",
        101,
        Shares(
            "总参数里词嵌入占多少",
            "八根横条。词嵌入的比例从 70M 的 73% 降到 160M 的 47%、410M 的 26%、1.0B 的 19%、1.4B 的 14%、2.8B 的 10%、6.9B 的 7%、12B 的 6%。",
            {"各层的参数": "full", "词嵌入": "light"},
            unit="%",
        ),
    ),
    plot_dots(
        "pythia/batch.svg",
        Dots(
            "同一个小模型能用多少张卡",
            "四条横线。按 GPT-3 的批次：70M 4 张，160M 和 410M 8 张，1.0B 16 张；按 Pythia 的批次：前三个 32 张，1.0B 64 张。",
            Axis(0, 64, ticks(0, 16, 32, 48, 64)),
            {"按 GPT-3 的批次": "dark", "实际使用": "full"},
            left=40,
            words="GPU 数",
            numbered=True,
        ),
    ),
    plot_dots(
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
    plot_curves(
        "mae/ratio.svg",
        Curves(
            "遮住的比例与准确率",
            "横轴遮住的比例，10% 到 90%；纵轴准确率。整体微调一线几乎是平的，在 83 到 85 之间；线性探测一线从 54.6 升到 75% 处的 73.5，再落到 66.1。",
            Axis(5, 95, ticks(10, 25, 50, 75, 90, unit="%")),
            Axis(50, 90, ticks(50, 60, 70, 80, 90)),
            {"整体微调": ("line", "dark"), "线性探测": ("mark", "full")},
            "遮住的比例",
            "ImageNet 准确率（%）",
            left=22,
        ),
    ),
    plot_curves(
        "mae/partial.svg",
        Curves(
            "微调最后几个块，准确率升到多少",
            "横轴微调的块数，0 到 24。MAE 从 73.5 起，一块就到 81.0，24 块 84.9；MoCo v3 从 77.6 起，一块 79.9，24 块 84.1。两线在 0 和 1 之间交叉。",
            Axis(-0.8, 24.8, ticks(0, 4, 6, 12, 18, 24)),
            Axis(72, 86, ticks(72, 76, 80, 84)),
            {"MoCo v3": ("line", "dark"), "MAE": ("mark", "full")},
            "从后往前微调的块数（ViT-L 共 24 块）",
            "ImageNet 准确率（%）",
            left=22,
        ),
    ),
    plot_bars(
        "mae/hours.svg",
        Bars(
            "预训练 800 个周期要多少小时",
            "六根横条。ViT-L：编码器看掩码向量 42.4 小时，不看 15.4，解码器再减到一层 11.6。ViT-H：约 119.6、34.5、29.3。",
            Axis(0, 120, {}),
            left=140,
        ),
    ),
    plot_bars(
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
    plot_bars(
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
    plot_bars(
        "orca-2/reasoning-average.svg",
        Bars(
            "六项推理基准的零样本均分",
            "七根横条：Orca 2 13B 审慎提示 66.92、空提示 64.49，7B 是 62.62 和 60.60；WizardLM 70B 66.29，Llama 2-Chat 70B 56.85、13B 43.71。",
            Axis(0, 70, {}),
            left=158,
            decimals=2,
        ),
    ),
    plot_curves(
        "zephyr/benchmarks.svg",
        Curves(
            "两个榜排出的次序不同",
            "横轴 MT-Bench，纵轴 AlpacaEval 胜率，七个模型各一个点。Llama2-Chat-70B 在 Zephyr 的左上方。",
            Axis(5.8, 9.6, ticks(6, 7, 8, 9)),
            Axis(86, 97, ticks(87, 90, 93, 96)),
            {"Zephyr": ("", "full"), "开放": ("", "dark"), "闭源": ("", "mid")},
            "MT-Bench（满分 10）",
            "AlpacaEval 胜率（%）",
            left=24,
            r=5,
        ),
    ),
    plot_curves(
        "gshard/scale.svg",
        Curves(
            "参数、层数与平均 BLEU",
            "横轴参数，取对数；纵轴平均 BLEU。12 层的三个 MoE 从 36.7 升到 41.3，36 层的从 39.0 升到 44.3；稠密的 23 亿参数模型是 36.9。",
            Axis(1e9, 1e12, {1e9: "10 亿", 1e10: "100 亿", 1e11: "1000 亿", 1e12: "1 万亿"}, log=True),
            Axis(35, 46, ticks(36, 38, 40, 42, 44, 46)),
            {"12 层": ("line", "dark"), "36 层": ("mark", "full"), "稠密": ("", "mid")},
            "参数",
            "100 种语言译成英语的平均 BLEU",
            left=22,
        ),
    ),
    plot_curves(
        "attention/heads.svg",
        Curves(
            "计算量不变，头数与 BLEU",
            "横轴头数，取对数。1 个头 24.9，4 个 25.5，8 个和 16 个 25.8，32 个 25.4。",
            Axis(0.8, 40, ticks(1, 4, 8, 16, 32), log=True),
            Axis(24.6, 26.1, ticks(24.6, 25, 25.4, 25.8)),
            {"头数": ("mark", "full")},
            "头数",
            "newstest2013 上的 BLEU",
            height=220,
            left=30,
        ),
    ),
    plot_curves(
        "dpo/frontier.svg",
        Curves(
            "奖励与 KL 的前沿，一个算得出的例子",
            "横轴是离参考策略的 KL，纵轴是平均奖励。一条平方根形的曲线，上面三个点标着 β 等于 2、1、0.5；越往右越平。",
            Axis(0, 3, ticks(0, 1, 2, 3)),
            Axis(0, 3, ticks(0, 1, 2, 3)),
            {"前沿": ("mark", ""), "最优": ("", "full"), "注": ("", "")},
            "离参考策略的 KL",
            "平均奖励（参考策略下的标准差）",
            height=250,
            left=16,
            r=5,
        ),
    ),
    plot_bars(
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
