"""The command line in Chinese: one language for all that it says; results, files and JSON stay as they are."""

import ast
import json
import subprocess
import sys
from inspect import cleandoc
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from cosim.cli import app
from cosim.cli.app import text_of
from cosim.cli.helping import TYPERS, helped, retold
from cosim.cli.speaking import choose, say, speaking
from cosim.ensemble.sets import read_ensemble
from cosim.language import language, told
from cosim.language.lines import columns, lines, wide
from cosim.rules.errors import CacheError
from cosim.scenario import ScenarioError
from cosim.study import ClusterError, OutputError, WorkersDied

CHINESE = language("zh")
COMMANDS = get_command(app).commands
SHORT = ("--months", "2", "--set", "study.warmup_months=1")
ENVIRONMENT = {"COLUMNS": "100", "COSIM_LANG": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": ""}


@pytest.fixture(autouse=True)
def somewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def command(*words, **environment):
    """Return what came of a command, without a locale unless one is given."""
    return CliRunner().invoke(app, list(map(str, words)), env=ENVIRONMENT | environment)


def chinese(*words, **environment):
    return command("--lang", "zh", *words, **environment)


def test_the_language_may_stand_behind_a_command_that_knows_none_itself():
    before, behind = chinese("scenarios").output, command("scenarios", "--lang", "zh").output
    assert behind == before == command("scenarios", "--lang=zh").output
    assert before != command("scenarios").output
    assert command("scenarios", "--lang", "xx").exit_code == 2


def squeezed(text):
    """Return a text without what laying it out has put in."""
    return "".join(text.split())


@pytest.mark.parametrize(
    ("words", "environment", "spoken"),
    [
        ([], {}, "en"),
        (["--lang", "zh", "run"], {}, "zh"),
        (["--lang=zh"], {"LANG": "en_GB.UTF-8"}, "zh"),
        (["--lang", "en"], {"LC_ALL": "zh_CN.UTF-8"}, "en"),
        (["--lang", "en"], {"COSIM_LANG": "zh"}, "en"),
        (["run"], {"COSIM_LANG": "zh"}, "zh"),
        (["run"], {"COSIM_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        (["run"], {"LANG": "zh_TW.UTF-8"}, "zh"),
        (["run"], {"LC_MESSAGES": "zh", "LANG": "de_DE.UTF-8"}, "zh"),
        (["run"], {"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        (["run"], {"LANG": "fr_FR.UTF-8"}, "en"),
        (["run"], {"COSIM_LANG": "fr"}, "en"),
        (["plot", "--lang", "zh"], {}, "en"),
    ],
)
def test_the_language_is_that_of_the_command_line_then_the_variable_then_the_locale(words, environment, spoken):
    assert choose(words, environment) == spoken


@pytest.mark.parametrize("words", [["--lang", "xx", "scenarios"], ["scenarios"]])
def test_a_language_that_does_not_exist_is_refused(words):
    found = command(*words, COSIM_LANG="" if len(words) > 1 else "xx")
    assert (found.exit_code, found.stdout) == (2, "")
    assert "--lang" in found.stderr
    assert "'xx' is not one of 'en', 'zh'" in found.stderr


def test_the_language_is_english_again_afterwards():
    before = command("scenarios").stdout
    assert wide(chinese("scenarios").stdout)
    assert (command("scenarios").stdout, wide(before)) == (before, False)


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_the_help_of_every_command_is_in_chinese(name):
    called = COMMANDS[name] if name else get_command(app)
    found = chinese(*filter(None, [name]), "--help", COLUMNS="80")
    assert found.exit_code == 0
    shown = squeezed(found.stdout)
    texts = [" ".join(part.split()) for part in cleandoc(called.help).split("\n\n")]
    texts += [option.help for option in called.params if getattr(option, "help", None)]
    for text in texts:
        assert CHINESE(text) != text
        assert squeezed(CHINESE(text)) in shown
    for english in ("Usage", "Options", "Arguments", "Commands", "default:", "required", "Show this message"):
        assert english not in found.stdout
    assert max(map(columns, found.stdout.splitlines())) <= 80


def test_help_lists_every_command_with_its_first_sentence():
    shown = chinese("-h").stdout
    for name, called in COMMANDS.items():
        first = CHINESE(" ".join(cleandoc(called.help).split("\n\n")[0].split())).partition("。")[0]
        assert squeezed(name + first) in squeezed(shown)


@pytest.mark.parametrize("locale", ["zh_CN.UTF-8", "de_DE.UTF-8"])
def test_english_can_be_asked_for_under_any_locale(locale):
    assert command("--lang", "en", "compare", "-h", LANG=locale).stdout == command("compare", "-h").stdout


def test_a_chinese_locale_speaks_chinese():
    assert command("compare", "-h", LANG="zh_CN.UTF-8").stdout == chinese("compare", "-h").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run"], "错误：缺少参数 'scenario'。"),
        (["run", "village", "--seed", "x"], "错误：'--seed' 的值无效：应为整数"),
        (["run", "village", "--seed", "-1"], "错误：'--seed' 的值无效：应大于或等于 0"),
        (["dashboard", "--idle", "x"], "错误：'--idle' 的值无效：应为数字"),
        (["dashboard", "--port", "70000"], "错误：'--port' 的值无效：应小于或等于 65535"),
        (["run", "village", "--format", "xml"], "错误：'--format' 的值无效：'xml' 不在可选值 'text', 'json' 之中。"),
        (["run", "village", "--see", "3"], "错误：没有选项：--see（可能的选项：--seed, --set）"),
        (["run", "village", "-r"], "错误：选项 '-r' 需要一个值。"),
        (["run", "village", "--report=1"], "错误：选项 '--report' 不接受值。"),
        (["scenarios", "a", "b"], "错误：多余的参数（a b）"),
        (["scenaris"], "错误：没有命令 'scenaris'。是否想用 'scenarios'？"),
        (["xyz"], "错误：没有命令 'xyz'。"),
    ],
)
def test_a_command_line_that_is_not_understood_is_told_so_in_chinese(words, said):
    found = chinese(*words)
    assert (found.exit_code, found.stdout) == (2, "")
    *usage, error = found.stderr.splitlines()
    assert error == said
    assert not usage or (usage[0].startswith("用法："), usage[1][:7], usage[2]) == (True, "用法帮助请运行", "")


def test_no_command_is_help():
    found = command(COSIM_LANG="zh")
    assert (found.exit_code, found.stderr) == (2, chinese("-h").stdout)


def test_a_text_of_typers_that_nobody_knows_stays():
    with speaking(["--lang", "zh"]):
        assert retold("something new") == "something new"
        assert helped("A new option.  [default: 3; x>=1]") == "A new option.  [默认：3；x>=1]"
        assert all(say(text) != text or text == "Value error, {what}" for text in TYPERS if wide(CHINESE(text)))


REFUSED = {
    "a scenario": (["run", "nix.toml"], ["nix.toml", "没有"]),
    "a key": (["run", "village", "--set", "a.b=1"], ["--set：a", "没有“a”这个键"]),
    "a key twice": (["run", "village", *["--set", "study.months=1"] * 2], ["study.months", "设置了两次"]),
    "an experiment": (["sweep", "nix.toml"], ["nix.toml", "没有这个文件"]),
    "a shard": (["sweep", "ladder", "--shard", "3/2"], ["“3/2”", "i/n"]),
    "a time": (["sweep", "ladder", "--timeout", "-1"], ["-1", "大于 0 的秒数"]),
    "a sweep's folder": (["status", "nix"], ["nix", "不存在", "`cosim sweep`"]),
    "a run of it": (["replay", ".", "0"], ["study.json", "不是研究"]),
    "shards": (["merge", "."], ["不是研究"]),
    "a result": (["report", "nix"], ["nix", "不存在"]),
    "a figure": (["plot", ".", "nix"], ["没有“nix”"]),
    "a file of figures": (["plot", ".", "-o", "x.gif"], ["没有 cosim 的结果"]),
    "an export": (["export", "."], ["没有 cosim 的结果"]),
    "a format": (["export", ".", "--format", "doc"], ["没有“doc”"]),
    "a lever": (["levers", "--only", "nix"], ["nix", "不是政策杠杆"]),
    "one world": (["compare", "--controls", "--ensemble"], ["controls 用于同一个世界", "请只用其中一种"]),
    "one reform": (["mechanisms", "multi_centre", "reform_2018", "single_centre"], ["两个情景，而不是 3 个"]),
    "a pattern": (["patterns", "X9"], ["X9", "没有这个规律"]),
    "a building": (["trace", "village", "--building", "99"], ["--building 99", "没有楼栋“99”"]),
    "a subject": (["trace", "village"], ["没有指定要跟踪什么", "--person"]),
    "a name": (["new", "village.toml"], ["village.toml", "自带情景", "my_village.toml"]),
    "a place": (["new", "x/y.toml"], ["没有文件夹“x”", "mkdir -p x"]),
    "priors": (["calibrate", "nix.toml"], ["nix.toml"]),
    "an ensemble": (["compare", "ly", "--sets", "nix.csv"], ["nix.csv", "无法读取这个参数组合集"]),
    "another folder": (["run", "village", "-o", "file"], ["file 是文件", "结果需要文件夹"]),
    "a file": (["levers", "-o", "file/x.md"], ["无法写入 file/x.md"]),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused_is_refused_in_chinese_with_its_values(what):
    words, parts = REFUSED[what]
    Path("file").write_text("not a folder", encoding="utf-8")
    found = chinese(*words)
    assert found.exit_code == 2, found.output
    for part in parts:
        assert part in found.stderr
    english = command(*words)
    assert english.exit_code == 2
    assert not wide(english.stderr)
    assert english.stderr != found.stderr


def test_every_error_that_a_user_can_meet_is_said_in_chinese():
    """Whoever raises one of these tells what it says; so it can be said again, wherever it was raised."""
    with speaking(["--lang", "zh"]):
        assert text_of(WorkersDied()).startswith("所有工作进程")
        assert text_of(ClusterError(told("the name"))) == text_of(OutputError(told("the name"))) == "名称"
        assert text_of(CacheError(told("the name"))) == "名称"
        assert text_of(CacheError("a text that nobody told")) == "a text that nobody told"
        with pytest.raises(ScenarioError) as raised:
            read_ensemble(Path("nix.csv"))
        assert "无法读取这个参数组合集" in text_of(raised.value)
    assert text_of(WorkersDied()).startswith("The worker processes")


def test_no_error_is_raised_with_a_text_that_was_not_told():
    """A new error that a user can meet needs its Chinese; `OutputError(f"…")` would be English for ever."""
    package, plain = Path(sys.modules["cosim"].__file__).parent, []
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(node, "func", None), "id", "")
            if name in ("OutputError", "ClusterError", "CacheError", "Unfinished"):
                parts = node.args[:1]
            elif name in ("Problem", "Refusal"):
                parts = [word.value for word in node.keywords if word.arg in ("message", "hint")]
                parts += node.args[1:2] if name == "Refusal" else []
            else:
                continue
            plain += [
                f"{path.relative_to(package)}, line {part.lineno}"
                for part in parts
                if isinstance(part, ast.JoinedStr) or (isinstance(part, ast.Constant) and part.value)
            ]
    assert plain == []


def test_a_run_is_told_in_chinese_and_its_files_and_json_are_the_same():
    words = ("run", "village", *SHORT, "-r", "2", "-j", "1")
    english, said = command(*words, "-o", "en"), chinese(*words, "-o", "zh")
    assert english.exit_code == said.exit_code == 0
    assert not wide(english.output)
    for part in ("2 次重复，随机种子 1；", "对谁", "预热期", "趋势，逐年", "缴费陷阱"):
        assert part in said.stdout
    assert "结果：" in said.stderr
    files = {path.name: path.read_bytes() for path in Path("en").iterdir()}
    assert files == {path.name: path.read_bytes() for path in Path("zh").iterdir()}
    as_json = chinese(*words, "-o", "json", "--format", "json")
    assert json.loads(as_json.stdout) == json.loads(command(*words, "-o", "json", "--format", "json").stdout)


def test_tables_count_the_columns_of_wide_characters():
    found = chinese("compare", "village", *SHORT, "-r", "2", "-j", "1", "-o", "made")
    assert found.exit_code == 0, found.output
    shown = found.stdout.splitlines()
    rules = [number for number, line in enumerate(shown) if line.strip() and not line.strip().strip("─")]
    assert len(rules) > 3
    for number in rules:
        assert {columns(line) for line in shown[number - 1 : number + 4]} == {columns(shown[number])}


def test_words_of_a_difference_break_between_characters():
    shown = chinese("diff", "single_centre", "reform_2018").stdout
    assert "政策杠杆及其成本" in shown
    assert max(map(columns, shown.splitlines())) <= 98


def test_a_trace_is_told_in_chinese():
    words = ("trace", "village", "village_reform", "--person", "3", "--months", "6")
    said, english = chinese(*words), command(*words)
    assert said.exit_code == 0
    for part in ("随机种子 1", "个人门槛", "下单概率", "第 1 月 A：重新考虑公共空间", "该户侵占公共空间"):
        assert part in said.stdout
    assert "month 1 A: reconsidered shared space" in english.stdout
    rows = [
        [line for line in found.stdout.splitlines() if line.startswith("       B  ")] for found in (said, english)
    ]
    assert len(rows[0]) == len(rows[1]) == 6
    assert len({columns(line.partition("(")[0]) for line in rows[0]}) == 1
    as_json = json.loads(chinese(*words, "--format", "json").stdout)
    assert as_json == json.loads(command(*words, "--format", "json").stdout)


def test_a_command_that_makes_something_takes_the_language_and_its_own_option_wins():
    command("compare", "village", *SHORT, "-r", "2", "-j", "1", "-o", "made")
    command("export", "made", "--format", "csv", "-o", "a")
    chinese("export", "made", "--format", "csv", "-o", "b")
    chinese("export", "made", "--format", "csv", "--lang", "en", "-o", "c")
    languages = [json.loads(Path(name, "export.json").read_text(encoding="utf-8"))["language"] for name in "abc"]
    assert languages == ["en", "zh", "en"]
    assert "结果：" not in chinese("report", "made").stderr
    assert Path("made", "report.zh.html").exists()
    shown = chinese("plot", "made").stdout
    assert "这个文件夹可以画的图：" in shown
    assert "需要多个可信世界中的比较（`cosim compare --ensemble`）" in shown


def test_help_in_chinese_is_light():
    code = (
        "import sys; from cosim.cli import app\n"
        "try: app(['--lang', 'zh', '--help'])\n"
        "except SystemExit: print([name for name in ('babel', 'numba', 'pandas', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("text", ["a sentence of some length that has to go on in the next line", "a–b c–d " * 9])
def test_english_lines_are_those_of_textwrap(text):
    import textwrap

    wrapped = textwrap.wrap(text, 20, initial_indent="> ", subsequent_indent="  ", break_long_words=False)
    assert lines(text, 20, "> ", "  ") == wrapped


def test_chinese_lines_do_not_end_with_an_open_bracket():
    found = lines("两个或更多；只给一个时，与未改革的同一小区比较  [默认：single_centre multi_centre]。", 22)
    assert max(map(columns, found)) <= 22
    assert not any(line.endswith("[") for line in found)
