//! What the syntax tree must keep to, so that compiling it takes bounded time and stack.

use piccolo::compiler::parser::{
    AssignmentTarget, Block, CallSuffix, Chunk, ConstructorField, Expression, FieldSuffix, ForStatement,
    FunctionDefinition, HeadExpression, LineAnnotated, PrimaryExpression, RecordKey, SimpleExpression, Statement,
    SuffixPart, SuffixedExpression,
};

use crate::error::{Error, ErrorKind, Result};

/// How deeply the compiler may have to recurse: nesting, plus the lengths of the chains on the way.
pub(super) const MAX_DEPTH: usize = 1_000;

/// How many `elseif` one `if` may have; compiling them takes time that grows with the square.
const MAX_ELSEIFS: usize = 2_000;

/// How many `break`, `goto` and labels one function may have, for the same reason.
const MAX_JUMPS: usize = 4_000;

pub(super) struct Measure {
    /// `goto` is rare; only programs with one need their loops enclosed.
    pub(super) has_goto: bool,
}

pub(super) fn measure<S>(chunk: &Chunk<S>) -> Result<Measure> {
    let mut walk = Walk { has_goto: false, line: 1, jumps: 0, has_varargs: true };
    walk.block(&chunk.block, 0)?;
    Ok(Measure { has_goto: walk.has_goto })
}

struct Walk {
    has_goto: bool,
    line: u64,
    /// In the function at hand.
    jumps: usize,
    /// Whether the function at hand ends its parameters with `...`.
    has_varargs: bool,
}

impl Walk {
    fn check(&self, depth: usize) -> Result<()> {
        if depth <= MAX_DEPTH {
            return Ok(());
        }
        let message = format!("expression chains or nests more than {MAX_DEPTH} levels deep");
        Err(Error::new(ErrorKind::Limit, message).on_line(self.line))
    }

    fn block<S>(&mut self, block: &Block<S>, depth: usize) -> Result<()> {
        self.check(depth)?;
        for statement in &block.statements {
            self.line = super::compile::line(statement.line_number);
            self.statement(&statement.inner, depth + 1)?;
        }
        if let Some(statement) = &block.return_statement {
            self.line = super::compile::line(statement.line_number);
            self.expressions(&statement.inner.returns, depth + 1)?;
        }
        Ok(())
    }

    fn statement<S>(&mut self, statement: &Statement<S>, depth: usize) -> Result<()> {
        match statement {
            Statement::If(statement) => {
                if statement.else_if_parts.len() > MAX_ELSEIFS {
                    let message = format!("more than {MAX_ELSEIFS} 'elseif' in one statement");
                    return Err(Error::new(ErrorKind::Limit, message).on_line(self.line));
                }
                for (condition, block) in std::iter::once(&statement.if_part).chain(&statement.else_if_parts) {
                    self.expression(condition, depth)?;
                    self.block(block, depth)?;
                }
                statement.else_part.iter().try_for_each(|block| self.block(block, depth))
            }
            Statement::While(statement) => {
                self.expression(&statement.condition, depth)?;
                self.block(&statement.block, depth)
            }
            Statement::Do(block) => self.block(block, depth),
            Statement::For(ForStatement::Numeric { initial, limit, step, body, .. }) => {
                self.expression(initial, depth)?;
                self.expression(limit, depth)?;
                step.iter().try_for_each(|step| self.expression(step, depth))?;
                self.block(body, depth)
            }
            Statement::For(ForStatement::Generic { arguments, body, .. }) => {
                self.expressions(arguments, depth)?;
                self.block(body, depth)
            }
            Statement::Repeat(statement) => {
                self.block(&statement.body, depth)?;
                self.expression(&statement.until, depth)
            }
            Statement::Function(statement) => {
                self.check(depth + statement.fields.len())?;
                self.function(&statement.definition, depth)
            }
            Statement::LocalFunction(statement) => self.function(&statement.definition, depth),
            Statement::LocalStatement(statement) => self.expressions(&statement.values, depth),
            Statement::Label(_) | Statement::Break | Statement::Goto(_) => {
                self.has_goto |= matches!(statement, Statement::Goto(_));
                self.jumps += 1;
                if self.jumps <= MAX_JUMPS {
                    return Ok(());
                }
                let message = format!("more than {MAX_JUMPS} jumps and labels in one function");
                Err(Error::new(ErrorKind::Limit, message).on_line(self.line))
            }
            Statement::FunctionCall(statement) => {
                self.suffixed(&statement.head, depth)?;
                self.call(&statement.call, depth)
            }
            Statement::Assignment(statement) => {
                for target in &statement.targets {
                    if let AssignmentTarget::Field(head, field) = target {
                        self.suffixed(head, depth)?;
                        self.field(field, depth)?;
                    }
                }
                self.expressions(&statement.values, depth)
            }
        }
    }

    fn function<S>(&mut self, definition: &FunctionDefinition<S>, depth: usize) -> Result<()> {
        let outer = (std::mem::take(&mut self.jumps), self.has_varargs);
        self.has_varargs = definition.has_varargs;
        let result = self.block(&definition.body, depth + 1);
        (self.jumps, self.has_varargs) = outer;
        result
    }

    fn expressions<S>(&mut self, expressions: &[Expression<S>], depth: usize) -> Result<()> {
        expressions.iter().try_for_each(|expression| self.expression(expression, depth))
    }

    fn expression<S>(&mut self, expression: &Expression<S>, depth: usize) -> Result<()> {
        let depth = depth + 1 + expression.tail.len();
        self.check(depth)?;
        match &*expression.head {
            HeadExpression::Simple(simple) => self.simple(simple, depth)?,
            HeadExpression::UnaryOperator(_, operand) => self.expression(operand, depth)?,
        }
        expression.tail.iter().try_for_each(|(_, operand)| self.expression(operand, depth))
    }

    fn simple<S>(&mut self, simple: &SimpleExpression<S>, depth: usize) -> Result<()> {
        match simple {
            SimpleExpression::TableConstructor(table) => table.fields.iter().try_for_each(|field| match field {
                ConstructorField::Array(value) => self.expression(value, depth),
                ConstructorField::Record(key, value) => {
                    if let RecordKey::Indexed(key) = key {
                        self.expression(key, depth)?;
                    }
                    self.expression(value, depth)
                }
            }),
            SimpleExpression::Function(definition) => self.function(definition, depth),
            SimpleExpression::Suffixed(suffixed) => self.suffixed(suffixed, depth),
            SimpleExpression::VarArgs if !self.has_varargs => {
                let message = "cannot use '...' outside a vararg function near '...'";
                Err(Error::new(ErrorKind::Syntax, message).on_line(self.line))
            }
            _ => Ok(()),
        }
    }

    fn suffixed<S>(&mut self, suffixed: &SuffixedExpression<S>, depth: usize) -> Result<()> {
        let depth = depth + suffixed.suffixes.len();
        self.check(depth)?;
        if let PrimaryExpression::GroupedExpression(expression) = &suffixed.primary {
            self.expression(expression, depth)?;
        }
        suffixed.suffixes.iter().try_for_each(|suffix| match suffix {
            SuffixPart::Field(field) => self.field(field, depth),
            SuffixPart::Call(call) => self.call(call, depth),
        })
    }

    fn field<S>(&mut self, field: &FieldSuffix<S>, depth: usize) -> Result<()> {
        match field {
            FieldSuffix::Named(_) => Ok(()),
            FieldSuffix::Indexed(key) => self.expression(key, depth),
        }
    }

    fn call<S>(&mut self, call: &CallSuffix<S>, depth: usize) -> Result<()> {
        match call {
            CallSuffix::Method(_, arguments) | CallSuffix::Function(arguments) => self.expressions(arguments, depth),
        }
    }
}

/// Puts every `for` into a block of its own: a `goto` that leaves a bare one makes piccolo's compiler panic.
///
/// Functions nested in expressions keep their loops as they are written, so the walk has to reach them too.
pub(super) fn enclose_loops<S>(block: &mut Block<S>) {
    for statement in &mut block.statements {
        let line = statement.line_number;
        match &mut statement.inner {
            Statement::If(statement) => {
                for (condition, block) in std::iter::once(&mut statement.if_part).chain(&mut statement.else_if_parts) {
                    in_expression(condition);
                    enclose_loops(block);
                }
                statement.else_part.iter_mut().for_each(enclose_loops);
            }
            Statement::While(statement) => {
                in_expression(&mut statement.condition);
                enclose_loops(&mut statement.block);
            }
            Statement::Do(block) => enclose_loops(block),
            Statement::For(ForStatement::Numeric { initial, limit, step, body, .. }) => {
                [initial, limit].into_iter().chain(step).for_each(in_expression);
                enclose_loops(body);
            }
            Statement::For(ForStatement::Generic { arguments, body, .. }) => {
                arguments.iter_mut().for_each(in_expression);
                enclose_loops(body);
            }
            Statement::Repeat(statement) => {
                enclose_loops(&mut statement.body);
                in_expression(&mut statement.until);
            }
            Statement::Function(statement) => enclose_loops(&mut statement.definition.body),
            Statement::LocalFunction(statement) => enclose_loops(&mut statement.definition.body),
            Statement::LocalStatement(statement) => statement.values.iter_mut().for_each(in_expression),
            Statement::Label(_) | Statement::Break | Statement::Goto(_) => {}
            Statement::FunctionCall(statement) => {
                in_suffixed(&mut statement.head);
                in_call(&mut statement.call);
            }
            Statement::Assignment(statement) => {
                for target in &mut statement.targets {
                    if let AssignmentTarget::Field(head, field) = target {
                        in_suffixed(head);
                        in_field(field);
                    }
                }
                statement.values.iter_mut().for_each(in_expression);
            }
        }
        if matches!(statement.inner, Statement::For(_)) {
            // `Break` only holds the place for a moment.
            let bare = std::mem::replace(&mut statement.inner, Statement::Break);
            let statements = vec![LineAnnotated::new(line, bare)];
            statement.inner = Statement::Do(Block { statements, return_statement: None, closed_on: line });
        }
    }
    if let Some(statement) = &mut block.return_statement {
        statement.inner.returns.iter_mut().for_each(in_expression);
    }
}

fn in_expression<S>(expression: &mut Expression<S>) {
    match &mut *expression.head {
        HeadExpression::UnaryOperator(_, operand) => in_expression(operand),
        HeadExpression::Simple(SimpleExpression::Function(definition)) => enclose_loops(&mut definition.body),
        HeadExpression::Simple(SimpleExpression::Suffixed(suffixed)) => in_suffixed(suffixed),
        HeadExpression::Simple(SimpleExpression::TableConstructor(table)) => {
            for field in &mut table.fields {
                match field {
                    ConstructorField::Array(value) | ConstructorField::Record(RecordKey::Named(_), value) => {
                        in_expression(value);
                    }
                    ConstructorField::Record(RecordKey::Indexed(key), value) => {
                        in_expression(key);
                        in_expression(value);
                    }
                }
            }
        }
        HeadExpression::Simple(_) => {}
    }
    expression.tail.iter_mut().for_each(|(_, operand)| in_expression(operand));
}

fn in_suffixed<S>(suffixed: &mut SuffixedExpression<S>) {
    if let PrimaryExpression::GroupedExpression(expression) = &mut suffixed.primary {
        in_expression(expression);
    }
    for suffix in &mut suffixed.suffixes {
        match suffix {
            SuffixPart::Field(field) => in_field(field),
            SuffixPart::Call(call) => in_call(call),
        }
    }
}

fn in_field<S>(field: &mut FieldSuffix<S>) {
    if let FieldSuffix::Indexed(key) = field {
        in_expression(key);
    }
}

fn in_call<S>(call: &mut CallSuffix<S>) {
    match call {
        CallSuffix::Method(_, arguments) | CallSuffix::Function(arguments) => {
            arguments.iter_mut().for_each(in_expression);
        }
    }
}
